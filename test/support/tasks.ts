/** Calling of tasks against a real server and a real database, with workers in this process whose tasks are scripted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, type WorkflowBundle } from '@temporalio/worker';
import { createDeadLetterActivities } from '../../activities/dlq/index.ts';
import type { DeadLetterPorts } from '../../activities/dlq/ports.ts';
import { createLimitActivities } from '../../activities/limits/index.ts';
import { serverRuns } from '../../activities/limits/runs.ts';
import { createOperationsActivities } from '../../activities/operations/index.ts';
import { createSampleActivities } from '../../activities/samples/index.ts';
import { shell, type ShellOptions } from '../../activities/shell/shell.ts';
import type { TaskBody } from '../../activities/shell/task-body.ts';
import { createRpc } from '../../client/connection/rpc.ts';
import { pieceOfSteps } from '../../client/dlq/completed-steps.ts';
import { redriveRuns } from '../../client/dlq/redrive-runs.ts';
import { connectPerennial, type PerennialClient } from '../../client/index.ts';
import { createGate } from '../../client/queues/gate.ts';
import type { BreakerRule } from '../../contracts/breakers/vocabulary.ts';
import { catalogue, type TaskInput, type TaskName, type TaskOutput } from '../../contracts/catalogue.ts';
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import type { TaskDefinition } from '../../contracts/tasks/definition.ts';
import { createKeptAnswers } from '../../services/answers/postgres.ts';
import { createAuditRecords } from '../../services/audit/postgres.ts';
import { createBreakerStore } from '../../services/breakers/postgres.ts';
import { createDownloader } from '../../services/imports/download/download.ts';
import { createKeyRing } from '../../payloads/key-ring.ts';
import { createFileBlobStore } from '../../services/blobs/filesystem.ts';
import { createKeptPieces } from '../../services/dlq/pieces.ts';
import { createDeadLetterRecords } from '../../services/dlq/records.ts';
import { createLimitStore } from '../../services/limits/postgres.ts';
import { createCounters, createEffectLog } from '../../services/operations/postgres.ts';
import { countingProcessor } from '../../services/operations/processor.ts';
import { openScratch } from '../../services/operations/scratch.ts';
import { createPostgresCache } from '../../services/cache/postgres.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import { sealedAnswers } from '../../workers/effects.ts';
import { type QueueProfile, fleetOf } from '../../workers/fleets.ts';
import type { Activities, Activity } from '../../activities/shell/activity.ts';
import { createWorkers } from '../../workers/workers.ts';
import { testDatabase, type TestDatabase } from './servers/postgres.ts';
import { workflowBundle } from './servers/bundle.ts';
import { kept, startTestTemporal, type TestTemporal } from './temporal.ts';
import { silentLog } from './silent-log.ts';

/** A server, a database, a client, and workers on demand. */
export interface TaskWorld {
  readonly temporal: TestTemporal;
  readonly client: PerennialClient;
  readonly database: TestDatabase;
  /** Everything that the client warned of. */
  readonly warnings: string[];
  /** Runs workers while `body` runs. @defaultValue one process for everything, tasks as they are */
  withWorkers<T>(body: () => Promise<T>, options?: WorkersOfTest): Promise<T>;
  /** Starts such workers for several tests; resolves to their end. */
  keepWorkers(options?: WorkersOfTest): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** How the workers of one test differ from those of the product. */
export interface WorkersOfTest {
  /** Bodies in place of the real ones, by task name. */
  readonly script?: Script;
  /** Slots of every queue. @defaultValue those of the fleet */
  readonly slots?: number;
  /** Only these queues; workflows are always served. @defaultValue all */
  readonly queues?: readonly string[];
  /** Breakers in place of those of the rows, by task name. */
  readonly breakers?: Breakers;
  /** Workflows in place of those of the product alone. */
  readonly workflows?: WorkflowBundle;
}

/** Bodies by task name. */
export type Script = { readonly [N in TaskName]?: TaskBody<TaskInput<N>, TaskOutput<N>> };

const EFFECT_KEYS = createKeyRing(`test:${Buffer.alloc(32, 1).toString('base64')}`, 'keys');

/** Breakers by task name. */
type Breakers = { readonly [N in TaskName]?: BreakerRule };

const nothing = (): void => undefined;
/** Files that scripted tasks put for others. */
export const testBlobs = createFileBlobStore({ root: path.join(tmpdir(), `perennial-test-blobs-${process.pid}`) });

/** Retry delays are a hundredth of the real ones. */
const shellOptionsOf = ({ db }: TestDatabase): ShellOptions => ({
  log: () => silentLog,
  retryDelayScale: 0.01,
  breakers: { store: createBreakerStore(db) },
  once: sealedAnswers(createKeptAnswers(db, 'effect_answers'), EFFECT_KEYS),
  cache: createPostgresCache({ database: db, maxBytes: BYTES_PER_MB }),
});

/** Starts the world of one test file. */
export async function startTaskWorld(options: { readonly priorityLevels?: 5 | 10 } = {}): Promise<TaskWorld> {
  const temporal = await startTestTemporal();
  const database = await testDatabase();
  const warnings: string[] = [];
  const client = await connectPerennial({
    ...temporal.endpoint,
    deadLetterRecords: createDeadLetterRecords(database.db),
    auditRecords: createAuditRecords(database.db),
    warn: (message) => warnings.push(message),
    ...options,
  });
  return {
    temporal,
    client,
    database,
    warnings,
    withWorkers: (body, workers = {}) => runWith(temporal, database, workers, body),
    keepWorkers: (workers = {}) => kept((body) => runWith(temporal, database, workers, body)),
    stop: async () => {
      await client.close();
      await temporal.stop();
      await database.drop();
    },
  };
}

/** What workers redrive with. */
export function redrivesOf(client: Client, { db }: TestDatabase, sealKeys: string): DeadLetterPorts['redriveRuns'] {
  const rpc = createRpc(client, 'test', 10_000, createKeyRing(sealKeys, 'sealKeys'));
  const context = { rpc, gate: createGate(rpc) };
  return (input, signal) => redriveRuns(context, createDeadLetterRecords(db), input, signal);
}

function realActivities(
  { client, endpoint: { sealKeys } }: TestTemporal,
  database: TestDatabase,
  shellOptions: ShellOptions,
): Activities {
  const { db } = database;
  const downloader = createDownloader({ allowPrivate: true, allowedHosts: [], maxRedirects: 3, silenceMs: 5_000 });
  const ports = {
    effects: createEffectLog(db),
    counters: createCounters(db),
    openScratch,
    downloader,
    processor: countingProcessor,
    warn: nothing,
  };
  const keys = createKeyRing(sealKeys, 'sealKeys');
  const sources = { rpc: createRpc(client, 'test', 10_000, keys), keys, pieces: createKeptPieces(db) };
  const steps: DeadLetterPorts['steps'] = (run, place) => pieceOfSteps(sources, run, place);
  return {
    ...createDeadLetterActivities(
      { steps, blobs: testBlobs, redriveRuns: redrivesOf(client, database, sealKeys) },
      shellOptions,
    ),
    ...createLimitActivities({ limits: createLimitStore(db), runs: serverRuns }, shellOptions),
    ...createOperationsActivities(ports, shellOptions),
    ...createSampleActivities({}, shellOptions),
  };
}

/** Every task has an activity: a scripted one, a real one, or one that says it was not expected. */
function activitiesOf(
  temporal: TestTemporal,
  database: TestDatabase,
  { script = {}, breakers = {} }: WorkersOfTest,
): Activities {
  const shellOptions = shellOptionsOf(database);
  const real = realActivities(temporal, database, shellOptions);
  const unexpected = (name: string) => () =>
    Promise.reject(ApplicationFailure.nonRetryable(`no script for the task ${name}`, 'Unexpected'));
  return Object.fromEntries(
    catalogue.map(({ name }) => [
      name,
      scripted(name, script, breakers, shellOptions) ?? real[name] ?? unexpected(name),
    ]),
  );
}

function scripted(
  name: TaskName,
  script: Script,
  breakers: Breakers,
  shellOptions: ShellOptions,
): Activity | undefined {
  const body = script[name] as TaskBody<unknown, unknown> | undefined; // the script is typed by its name
  if (body === undefined) return undefined;
  const task = catalogue.find((row) => row.name === name) as TaskDefinition<string, unknown, unknown>; // each name has its row
  const breaker = breakers[name] ?? task.breaker;
  return shell(breaker === undefined ? task : { ...task, breaker }, taskSchemas[name], body, shellOptions);
}

async function runWith<T>(
  temporal: TestTemporal,
  database: TestDatabase,
  options: WorkersOfTest,
  body: () => Promise<T>,
): Promise<T> {
  const { slots, queues, workflows } = options;
  const { address, namespace, sealKeys } = temporal.endpoint;
  // A connection of its own, as another process would have: workers of one connection may not share a queue.
  const connection = await NativeConnection.connect({ address });
  const fleet = fleetOf('all', 2);
  const profiles = fleet.activities
    .filter(({ queue }) => queues === undefined || queues.includes(queue))
    .map((profile): QueueProfile => (slots === undefined ? profile : { ...profile, slots }));
  const workers = await createWorkers({
    connection,
    namespace,
    sealKeys,
    fleet: { workflows: true, activities: profiles },
    activities: activitiesOf(temporal, database, options),
    maxCachedWorkflows: 200,
    shutdownGraceMs: 0,
    workflowBundle: workflows ?? (await workflowBundle()),
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    return await body();
  } finally {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await running.catch(() => undefined);
    await connection.close();
  }
}

/** Waits until something holds; fails after half a minute. */
export async function eventually(holds: () => Promise<boolean> | boolean, patienceMs = 30_000): Promise<void> {
  for (let waited = 0; ; waited += 50) {
    if (await holds()) return;
    if (waited > patienceMs) throw new TypeError(`expected a condition to hold within ${patienceMs} ms, it never did`);
    await sleep(50);
  }
}

/** A door that tasks wait at until the test opens it. */
export interface Gate {
  /** Waits; ends with the task's own signal too, so that a failed test does not hang. */
  pass(signal: AbortSignal): Promise<void>;
  open(): void;
}

export function gate(): Gate {
  const doors = new AbortController();
  return {
    pass: async (signal) => {
      const either = AbortSignal.any([doors.signal, signal]);
      if (!either.aborted)
        await new Promise<void>((resolve) => either.addEventListener('abort', () => resolve(), { once: true }));
      if (!doors.signal.aborted) throw signal.reason;
    },
    open: () => doors.abort(),
  };
}
