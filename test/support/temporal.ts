/** Temporal for one test file: the real server, with workers in this process whose activities are scripted. */
import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Runtime, type Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { activityQueues, allTasks } from '../../contracts/register.schema.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import type { Activities } from '../../activities/shell/activity.ts';
import { payloadConverter } from '../../payloads/converter.ts';
import { createWorkers } from '../../workers/workers.ts';
import { workflowBundle as bundleOfProduct } from './servers/bundle.ts';
import { type Endpoint, openNamespace, openServer } from './servers/temporal.ts';
import { silentTemporal } from './silent-log.ts';

/** A server and what tests do with it. */
export interface TestTemporal {
  readonly endpoint: Endpoint;
  readonly client: Client;
  /** Runs workers with these activities, and the workflows of the product or of a bundle, while `body` runs. */
  withWorkers<T>(activities: Activities, body: () => Promise<T>, workflows?: WorkflowBundleWithSourceMap): Promise<T>;
  /** Starts workers with these activities for several tests; resolves to their end. */
  keepWorkers(activities: Activities, workflows?: WorkflowBundleWithSourceMap): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** Settings of {@link startTestTemporal}. */
export interface TestTemporalOptions {
  /** Events after which a server of this file's own suggests continue-as-new. @defaultValue 4,096, on the server of the run */
  readonly suggestContinueAsNewAt?: number;
  /** Holds large payloads of the workers. @defaultValue they stay in histories */
  readonly blobs?: BlobStore;
}

const nothing = (): void => undefined;

/** Silences the SDK: expected failures would fill the test output. */
export function quietRuntime(): void {
  try {
    Runtime.install({ logger: silentTemporal, shutdownSignals: [] });
  } catch {
    // A second file of the same process finds it installed.
  }
}

/** Opens a namespace for the calling file. */
export async function startTestTemporal(options: TestTemporalOptions = {}): Promise<TestTemporal> {
  quietRuntime();
  const limit = options.suggestContinueAsNewAt;
  const { endpoint, release } =
    limit === undefined
      ? await openNamespace()
      : await openServer({ 'limit.historyCount.suggestContinueAsNew': String(limit) });
  const { address, namespace, sealKeys } = endpoint;
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const withWorkers: TestTemporal['withWorkers'] = async (activities, body, workflows) => {
    const workflowBundle = workflows ?? (await bundleOfProduct());
    return runWith(native, { namespace, sealKeys, activities, workflowBundle, blobs: options.blobs }, body);
  };
  return {
    endpoint,
    client: new Client({ connection, namespace, dataConverter: payloadConverter({ side: 'client', sealKeys }) }),
    withWorkers,
    keepWorkers: (activities, workflows) => kept((body) => withWorkers(activities, body, workflows)),
    stop: async () => {
      await connection.close();
      await native.close();
      await release();
    },
  };
}

/** Begins something that lasts as long as its body; resolves to its end. */
export async function kept(last: (body: () => Promise<void>) => Promise<void>): Promise<() => Promise<void>> {
  let end = nothing;
  const over = new Promise<void>((resolve) => (end = resolve));
  let lasting = Promise.resolve();
  await new Promise<void>((begun, failed) => {
    lasting = last(() => {
      begun();
      return over;
    });
    lasting.catch(failed);
  });
  return () => {
    end();
    return lasting;
  };
}

/** What the workers of a test serve. */
interface Served {
  readonly namespace: string;
  readonly sealKeys: string;
  readonly activities: Activities;
  readonly workflowBundle: WorkflowBundleWithSourceMap;
  readonly blobs: BlobStore | undefined;
}

async function runWith<T>(
  connection: NativeConnection,
  { namespace, sealKeys, activities, workflowBundle, blobs }: Served,
  body: () => Promise<T>,
): Promise<T> {
  const workers: readonly Worker[] = await createWorkers({
    connection,
    namespace,
    sealKeys,
    fleet: { workflows: true, activities: activityQueues().map((queue) => ({ queue, slots: 20 })) },
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
  return Object.fromEntries(allTasks().map(({ name }) => [name, activities[name] ?? unexpected(name)]));
}
