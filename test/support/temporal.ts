/** A Temporal server for one test file: the real binary, its own folder and ports. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Runtime, type Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { searchAttributeTypes } from '../../contracts/tasks/calls.ts';
import { activityQueues, catalogue } from '../../contracts/catalogue.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import { findTemporal } from '../../stack/temporal/binary.ts';
import { startTemporalServer, type TemporalServer } from '../../stack/temporal/server.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import type { Activities } from '../../activities/shell/activity.ts';
import { createWorkers } from '../../workers/workers.ts';

/** A server and what tests do with it. */
export interface TestTemporal {
  readonly server: TemporalServer;
  readonly client: Client;
  /** Runs workers with these activities, and the workflows of the product or of a bundle, while `body` runs. */
  withWorkers<T>(activities: Activities, body: () => Promise<T>, workflows?: WorkflowBundleWithSourceMap): Promise<T>;
  stop(): Promise<void>;
}

/** Settings of {@link startTestTemporal}. */
export interface TestTemporalOptions {
  /** Events after which the server suggests continue-as-new. @defaultValue the server's own 4,096 */
  readonly suggestContinueAsNewAt?: number;
  /** Holds large payloads of the workers. @defaultValue they stay in histories */
  readonly blobs?: BlobStore;
}

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

/** The bundle of all workflows, built once for each test process. */
export function workflowBundle(): Promise<WorkflowBundleWithSourceMap> {
  return (bundle ??= bundleWorkflows());
}

const nothing = (): void => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Silences the SDK: expected failures would fill the test output. */
export function quietRuntime(): void {
  try {
    Runtime.install({ logger: silent, shutdownSignals: [] });
  } catch {
    // A second file of the same process finds it installed.
  }
}

/** Starts a server of its own for the calling file. */
export async function startTestTemporal(options: TestTemporalOptions = {}): Promise<TestTemporal> {
  quietRuntime();
  const stateDir = await mkdtemp(path.join(tmpdir(), 'perennial-test-temporal-'));
  const binary = await findTemporal({ log: (line) => process.stderr.write(`${line}\n`) });
  const limit = options.suggestContinueAsNewAt;
  const dynamicConfig: Record<string, string> =
    limit === undefined ? {} : { 'limit.historyCount.suggestContinueAsNew': String(limit) };
  const server = await startTemporalServer({
    binary: binary.path,
    stateDir,
    port: 0,
    uiPort: 0,
    dynamicConfig,
    searchAttributes: searchAttributeTypes,
  });
  const connection = await Connection.connect({ address: server.address });
  const native = await NativeConnection.connect({ address: server.address });
  return {
    server,
    client: new Client({ connection }),
    withWorkers: async (activities, body, workflows) =>
      runWith(
        native,
        { activities, workflowBundle: workflows ?? (await workflowBundle()), blobs: options.blobs },
        body,
      ),
    stop: async () => {
      await connection.close();
      await native.close();
      await server.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** What the workers of a test serve. */
interface Served {
  readonly activities: Activities;
  readonly workflowBundle: WorkflowBundleWithSourceMap;
  readonly blobs: BlobStore | undefined;
}

async function runWith<T>(
  connection: NativeConnection,
  { activities, workflowBundle, blobs }: Served,
  body: () => Promise<T>,
): Promise<T> {
  const workers: readonly Worker[] = await createWorkers({
    connection,
    namespace: 'default',
    fleet: { workflows: true, activities: activityQueues.map((queue) => ({ queue, slots: 20 })) },
    activities: scripted(activities),
    ...(blobs === undefined ? {} : { blobs }),
    maxCachedWorkflows: 100,
    shutdownGraceMs: 0,
    workflowBundle,
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    return await Promise.race([
      body(),
      running.then(() =>
        Promise.reject(new TypeError('expected workers to run until the test ends, but they stopped')),
      ),
    ]);
  } finally {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await running.catch(() => undefined);
  }
}

/** Activities of a test, and for every other task one that says it was not expected. */
function scripted(activities: Activities): Activities {
  const unexpected = (name: string) => () =>
    Promise.reject(ApplicationFailure.nonRetryable(`no script for the task ${name}`, 'Unexpected'));
  return Object.fromEntries(catalogue.map(({ name }) => [name, activities[name] ?? unexpected(name)]));
}
