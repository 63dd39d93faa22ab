/** TIME-1…5: the time limits of each application, and that a task under them is told when its time is over. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { refusedEffects } from '../../../activities/shell/layers/task-effects.ts';
import { longRunningTask } from '../../../activities/operations/long-running-task.ts';
import { shell } from '../../../activities/shell/shell.ts';
import type { TaskContext } from '../../../activities/shell/task-body.ts';
import { type AnyTask, catalogue } from '../../../contracts/catalogue.ts';
import type { LongRunningInput } from '../../../contracts/operations/schema.ts';
import { operationsTasks } from '../../../contracts/operations/tasks.ts';
import type { QueueName } from '../../../contracts/queues/names.ts';
import { taskRow } from '../../../contracts/tasks/definition.ts';
import { queueLimits } from '../../../contracts/tasks/time-limits.ts';
import { quietRuntime } from '../../support/temporal.ts';
import { createMemoryCache } from '../../../activities/shell/cache/memory.ts';
import { cacheFor } from '../../../activities/shell/cache/typed.ts';
import { silentLog } from '../../support/silent-log.ts';

beforeAll(quietRuntime);
afterEach(() => {
  vi.useRealTimers();
});

const LIMITS: readonly (readonly [row: string, queue: QueueName, soft: number, hard: number])[] = [
  ['TIME-1', 'documents.ocr', 300, 600],
  ['TIME-1', 'documents.email', 300, 600],
  ['TIME-2', 'data.default', 240, 300],
  ['TIME-2', 'data.data', 240, 300],
  ['TIME-2', 'ai.ai', 240, 300],
  ['TIME-2', 'billing.billing', 240, 300],
  ['TIME-3', 'cases.default', 3300, 3600],
  ['TIME-3', 'cases.reports', 3300, 3600],
  ['TIME-3', 'cases.cleanup', 3300, 3600],
  ['TIME-4', 'messaging.analytics', 1500, 1800],
  ['TIME-4', 'messaging.email_reports', 1500, 1800],
  ['TIME-5', 'admin.default', 60, 90],
  ['TIME-5', 'admin.email', 120, 180],
  ['TIME-5', 'admin.media', 600, 900],
  ['TIME-5', 'admin.reports', 1500, 1800],
  ['TIME-5', 'admin.maintenance', 3300, 3600],
];

const silent = { log: () => silentLog };
const schemas = { input: z.null(), output: z.null() };

/** A task of a queue with the limits of that queue, which waits until it is told to stop. */
function waiterOn(queue: QueueName, told: () => void): (input: unknown) => Promise<unknown> {
  const task = taskRow<null, null>()({
    name: 'test.waiter',
    queue,
    purpose: 'For this test.',
    retry: { attempts: 1, delayMs: 1, reason: 'For this test.' },
    limits: queueLimits(queue),
  });
  const body = async (_input: null, { signal }: TaskContext): Promise<null> => {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    told();
    throw signal.reason;
  };
  return shell(task, schemas, body, silent);
}

describe('the time limits of an application', () => {
  it.each(LIMITS)('%s a task on %s is told after %d s and given up after %d s', async (_, queue, soft, hard) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const told = vi.fn();
    const run = new MockActivityEnvironment().run(waiterOn(queue, told), null).then(
      () => undefined,
      (error: unknown) => error,
    );
    await vi.advanceTimersByTimeAsync(soft * 1000 - 1);
    expect(told).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toHaveBeenCalledOnce();
    expect(await run).toMatchObject({ type: 'TimeLimit' });
    expect(queueLimits(queue).hardMs).toBe(hard * 1000);
  });

  it('each task of the catalogue has those of its queue, or says why not', () => {
    const other = (catalogue as readonly AnyTask[]).filter(({ queue, limits }) => limits !== queueLimits(queue));
    for (const { limits } of other) expect(limits.reason.length).toBeGreaterThan(20);
    expect(other.length).toBeLessThan(catalogue.length / 2);
  });
});

describe('TIME-4 long_running_task', () => {
  interface Ran {
    readonly beats: readonly unknown[];
    readonly outcome: unknown;
  }

  /** Runs it, and tells it to stop while the chunk of this number is worked on. */
  async function runUntil(input: LongRunningInput, stopIn = Number.POSITIVE_INFINITY, before?: unknown): Promise<Ran> {
    const stop = new AbortController();
    const beats: unknown[] = [];
    const context: TaskContext = {
      ...{ attempt: 1, taskId: 'task', workflowId: 'w', queue: 'test', lastHeartbeat: before, signal: stop.signal },
      ...refusedEffects({ name: 'test' }),
      ...{ idempotencyKey: 'task', log: silentLog.body },
      once: () => Promise.reject(new TypeError('expected no effect')),
      cache: cacheFor(createMemoryCache(), { tenant: undefined, log: silentLog.body, stop }),
      progress: (details) => {
        beats.push(details);
        if (beats.length === stopIn - 1) setImmediate(() => stop.abort(new TypeError('time is over')));
      },
    };
    const outcome: unknown = await longRunningTask(input, context).catch((error: unknown) => error);
    return { beats, outcome };
  }

  const items = Array.from({ length: 250 }, (_, n) => n);

  it('TIME-4 PERF-2 works in chunks of 100 unless told otherwise', async () => {
    const { beats, outcome } = await runUntil({ items });
    expect(outcome).toEqual({ status: 'completed', items: 250, chunks: 3, resumed_at: 0 });
    expect(beats).toEqual([{ chunks: 1 }, { chunks: 2 }, { chunks: 3 }]);
  });

  it('TIME-4 finishes the chunk it is in, stops before the next, and goes on there in the next attempt', async () => {
    const input = { items, chunk_size: 50, item_ms: 0.5 };
    const stopped = await runUntil(input, 3);
    expect(stopped.outcome).toMatchObject({ message: 'time is over' });
    expect(stopped.beats).toEqual([{ chunks: 1 }, { chunks: 2 }, { chunks: 3 }]);
    const next = await runUntil(input, undefined, stopped.beats.at(-1));
    expect(next.outcome).toEqual({ status: 'completed', items: 250, chunks: 5, resumed_at: 3 });
    expect(next.beats).toEqual([{ chunks: 4 }, { chunks: 5 }]);
  });

  it('TIME-4 has 1500 s and 1800 s for it', () => {
    expect(operationsTasks.longRunningTask.limits).toMatchObject({ softMs: 1_500_000, hardMs: 1_800_000 });
  });
});
