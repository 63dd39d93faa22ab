/** A server, a connection and small words for the tests of schedules. */
import { Context } from '@temporalio/activity';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Activities } from '../../../activities/shell/activity.ts';
import { connectPerennial, type PerennialClient } from '../../../client/index.ts';
import type { NewSchedule, Timing } from '../../../contracts/schedules/vocabulary.ts';
import { startTestTemporal, type TestTemporal } from '../../support/temporal.ts';

const DOCUMENT = '00000000-0000-4000-8000-000000000001';

/** A task that exists and is scripted by the tests. */
export const target = { task: 'documents.extractInvoice', input: { documentId: DOCUMENT } };

/** Far away. */
export const never: Timing = { cron: '0 0 29 2 *' };

export interface ScheduleWorld {
  readonly temporal: TestTemporal;
  readonly client: PerennialClient;
  /** A connection whose code has these schedules. */
  withCode<T>(schedules: readonly NewSchedule[], body: (client: PerennialClient) => Promise<T>): Promise<T>;
  /** The id of the first run of a schedule, once there is one. */
  firstRun(id: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startScheduleWorld(): Promise<ScheduleWorld> {
  const temporal = await startTestTemporal();
  // A busy server may take longer than a client waits by default to change a schedule: a worker of its own does it.
  const patient = { ...temporal.endpoint, deadlineMs: 60_000 };
  const client = await connectPerennial(patient);
  return {
    temporal,
    client,
    withCode: async (schedules, body) => {
      const other = await connectPerennial({ ...patient, schedules });
      try {
        return await body(other);
      } finally {
        await other.close();
      }
    },
    firstRun: async (id) => {
      const { recent } = await eventually(
        () => client.schedules.describe(id),
        (view) => view.recent.length > 0,
      );
      return recent[0]?.workflowId ?? '';
    },
    stop: async () => {
      await client.close();
      await temporal.stop();
    },
  };
}

/** Looks until it is good, for twenty seconds at most; gives the last look. */
export async function eventually<T>(look: () => Promise<T> | T, good: (value: T) => boolean): Promise<T> {
  for (let waited = 0; ; waited += 200) {
    const value = await look();
    if (good(value) || waited > 20_000) return value;
    await sleep(200);
  }
}

export function own(id: string, facts: Partial<NewSchedule> = {}): NewSchedule {
  return { id, timing: never, target, ...facts };
}

export async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => new TypeError('expected a failure'),
    (error: unknown) => error as Error, // nothing else is thrown
  );
}

/** Notes what the task of {@link target} is called with. */
export function scriptedTarget(ran: unknown[]) {
  return {
    'documents.extractInvoice': (input: unknown) => {
      ran.push(input);
      return Promise.resolve({ status: 'success', document_id: DOCUMENT, entities: { lines: [] } });
    },
  };
}

/** Lets a foreign schedule stand on the server. */
export async function createForeign({ temporal }: ScheduleWorld): Promise<void> {
  await temporal.client.schedule.create({
    scheduleId: 'of-somebody-else',
    spec: { calendars: [{ hour: 5, year: 2090 }] },
    action: { type: 'startWorkflow', workflowType: 'other', taskQueue: 'other' },
  });
}

/** A time so many milliseconds from now. */
export const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** A call that a task saw. */
export interface Seen {
  readonly input: unknown;
  readonly queue: string;
  readonly priority: number | undefined;
}

/** Adds, and notes where and with what it was called. */
export function adding(seen: Seen[]): Activities {
  const activities = {
    'samples.add': (input: { a: number; b: number }) => {
      const { taskQueue, priority } = Context.current().info;
      seen.push({ input, queue: taskQueue, priority: priority?.priorityKey });
      return Promise.resolve(input.a + input.b);
    },
  };
  return activities as unknown as Activities; // each takes the one input of its task
}
