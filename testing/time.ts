/** Hours of waiting in a moment: an application on Temporal's test server, which skips the time in which nothing happens. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { NativeConnection, Worker } from '@temporalio/worker';
import type { Activities } from '../activities/shell/activity.ts';
import type { OpenApplication } from '../application/open.ts';
import type { PerennialClient } from '../client/types.ts';
import type { EmptyTasks, OwnTasks } from '../client/tasks/own.ts';
import { queues } from '../contracts/queues/names.ts';
import { searchAttributeTypes } from '../contracts/tasks/calls.ts';
import { allTasks } from '../contracts/register.schema.ts';
import { inlineLogs } from '../activities/shell/inline.ts';
import { bundleOf } from './bundle.ts';
import { activityOf, effectLedger, memoryCache, type RunOptions } from './run.ts';

/**
 * What {@link withSkippedTime} runs.
 *
 * @example
 * ```ts
 * import type { SkippedTimeOptions } from './testing/index.ts';
 *
 * const options: SkippedTimeOptions = { application: '.', server: '/opt/temporal-test-server' };
 * ```
 */
export interface SkippedTimeOptions<Own extends OwnTasks = EmptyTasks> extends Pick<
  RunOptions,
  'ports' | 'effects' | 'cache' | 'logs'
> {
  /** Folder of the application, with `perennial.config.ts`. */
  readonly application: string;
  /** Exports of the modules with its tasks, for the types of `client`. @defaultValue its calls are not checked by the compiler */
  readonly tasks?: Own | undefined;
  /** Program of Temporal's test server. @defaultValue the SDK downloads it once, and keeps it in the folder of temporary files */
  readonly server?: string | undefined;
}

/**
 * An application whose time can be skipped.
 *
 * @example
 * ```ts
 * import type { SkippedTime } from './testing/index.ts';
 *
 * const nextDay = ({ skip }: SkippedTime) => skip(24 * 3_600_000);
 * ```
 */
export interface SkippedTime<Own extends OwnTasks = EmptyTasks> {
  readonly client: PerennialClient<Own>;
  /** For workflows of the application; it skips time itself while it waits for a result. */
  readonly temporal: Client;
  /** Waits for something, such as a result; meanwhile time is skipped whenever no task runs. */
  until<T>(awaited: Promise<T>): Promise<T>;
  /** Lets so much time pass, in milliseconds, and whatever falls due happen. */
  skip(ms: number): Promise<void>;
  /** The time of the server. */
  now(): Promise<Date>;
}

/**
 * Does some work with the tasks, canvases and workflows of an application on a server of its own, whose time is skipped: a
 * countdown of hours, or retries over a day, take milliseconds. Countdowns, retries, time limits of the server, and timers of
 * workflows are those of production.
 *
 * The test server has no lists, no schedules and no other workers; tasks of the product, tasks under limits and breakers are
 * not served. Times that are given as a point in time count from the clock of the machine, which is not skipped.
 *
 * @throws Error there is no test server, for example where it cannot be downloaded; `InvalidApplication`
 *
 * @example
 * ```ts
 * import { withSkippedTime } from './testing/index.ts';
 *
 * await withSkippedTime({ application: '.' }, async ({ client, until }) => {
 *   const call = await client.tasks.call('shop.remind', { order: '4711' }, { countdown: 86_400 });
 *   console.log(await until(call.result()));
 * });
 * ```
 */
export async function withSkippedTime<T, Own extends OwnTasks = EmptyTasks>(
  options: SkippedTimeOptions<Own>,
  work: (time: SkippedTime<Own>) => Promise<T>,
): Promise<T> {
  // Tests that skip no time do not pay for the SDK's worker.
  const { withApplication } = await import('../application/open.ts');
  const applicationDir = path.resolve(options.application);
  return withApplication(
    { applicationDir, applicationFaults: 'refuse', environment: 'development' },
    async (application) => {
      const server = await startServer(options.server);
      try {
        await registerAttributes(server);
        const code = await bundleOf(applicationDir, application);
        const activities = activitiesOf(application, options);
        const sealKeys = `test:${randomBytes(32).toString('base64')}`;
        const workers = await workersOf({
          connection: server.nativeConnection,
          application,
          activities,
          code,
          sealKeys,
        });
        return await whileServed(workers, () => withClient(server, sealKeys, work));
      } finally {
        await server.teardown();
      }
    },
  );
}

async function startServer(program: string | undefined): Promise<TestWorkflowEnvironment> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const given =
    program === undefined ? {} : { server: { executable: { type: 'existing-path', path: program } } as const };
  for (let starts = 1; ; starts += 1) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping(given);
    } catch (error) {
      if (starts < MOST_STARTS && /did not start within/.test(String(error))) continue;
      const expected = "Temporal's test server; pass its program under `server` where it cannot be downloaded";
      throw new Error(`server: expected ${expected}, got: ${String(error)}`, { cause: error });
    }
  }
}

/** The SDK gives a server five seconds for its start, which are too few on a busy machine. */
const MOST_STARTS = 3;

async function registerAttributes({ connection }: TestWorkflowEnvironment): Promise<void> {
  const { attributesNamed } = await import('../workers/server-setup.ts');
  const searchAttributes = attributesNamed(Object.keys(searchAttributeTypes));
  await connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes });
}

function activitiesOf(
  { tasks }: OpenApplication,
  {
    ports,
    effects = effectLedger(),
    cache = memoryCache(),
    logs,
  }: Pick<RunOptions, 'ports' | 'effects' | 'cache' | 'logs'>,
): Activities {
  const log = inlineLogs(logs);
  const own = new Map(tasks.map((task) => [task.name, activityOf(task, { ports, effects, cache }, log)]));
  const missing = (name: string) => () =>
    Promise.reject(
      ApplicationFailure.nonRetryable(
        `${name}: expected a task of the application, got one of the product, which is not served where time is skipped`,
        'Unexpected',
      ),
    );
  return Object.fromEntries(allTasks().map(({ name }) => [name, own.get(name) ?? missing(name)]));
}

interface Served {
  readonly connection: NativeConnection;
  readonly application: OpenApplication;
  readonly activities: Activities;
  readonly code: string;
  readonly sealKeys: string;
}

/** Tasks at once in a queue. */
const SLOTS = 20;

async function workersOf({ connection, application, activities, code, sealKeys }: Served): Promise<readonly Worker[]> {
  const { createWorkers } = await import('../workers/workers.ts');
  const served = new Set([queues.system, ...application.tasks.map(({ queue }) => queue)]);
  for (const { queue } of application.queues) served.add(queue);
  return createWorkers({
    connection,
    namespace: 'default',
    sealKeys,
    fleet: { workflows: true, activities: [...served].map((queue) => ({ queue, slots: SLOTS })) },
    activities,
    maxCachedWorkflows: 100,
    shutdownGraceMs: 0,
    workflowBundle: { code, sourceMap: 'in the code' },
  });
}

async function whileServed<T>(workers: readonly Worker[], work: () => Promise<T>): Promise<T> {
  const running = Promise.all(workers.map((worker) => worker.run()));
  const died = running.then(() => {
    throw new Error('expected the workers to run until the work ends, but they stopped');
  });
  try {
    return await Promise.race([work(), died]);
  } finally {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await running.catch(() => undefined);
  }
}

async function withClient<T, Own extends OwnTasks>(
  server: TestWorkflowEnvironment,
  sealKeys: string,
  work: (time: SkippedTime<Own>) => Promise<T>,
): Promise<T> {
  const { connectPerennial } = await import('../client/connect.ts');
  const { testService } = server.connection;
  if (testService === undefined) throw new TypeError('expected a server that can skip time');
  const client = await connectPerennial<Own>({ address: server.address, sealKeys });
  try {
    return await work({
      client,
      temporal: server.client,
      until: async (awaited) => {
        await testService.unlockTimeSkipping({});
        try {
          return await awaited;
        } finally {
          await testService.lockTimeSkipping({});
        }
      },
      skip: (ms) => server.sleep(ms),
      now: async () => new Date(await server.currentTimeMs()),
    });
  } finally {
    await client.close();
  }
}
