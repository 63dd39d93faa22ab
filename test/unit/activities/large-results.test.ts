/** What a task may return, and how long a worker's event loop stands still for the worst of it. */
import { defaultPayloadConverter } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shell } from '../../../activities/shell/shell.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { MAX_RESULT_BYTES } from '../../../contracts/tasks/calls.ts';
import { taskRow } from '../../../contracts/tasks/definition.ts';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';
import { silentLog } from '../../support/silent-log.ts';

/** Expected failures would fill the output. */
const quiet = new DefaultLogger('ERROR', () => undefined);

const task = taskRow<null, unknown>()({
  name: 'test.task',
  queue: queues.documentsDefault,
  purpose: 'For this test.',
  retry: { attempts: 1, delayMs: 1_000, reason: 'As written.' },
  limits: { softMs: 20_000, hardMs: 30_000, heartbeatMs: 10_000, reason: 'Short.' },
});

/** Returns a value from a task, and writes it as the SDK does; gives its JSON, or the failure. */
async function returned(value: unknown): Promise<unknown> {
  const activity = shell(task, { input: z.null(), output: z.unknown() }, () => Promise.resolve(value), {
    log: () => silentLog,
  });
  const environment = new MockActivityEnvironment(undefined, { logger: quiet });
  environment.on('heartbeat', () => undefined);
  const result = await environment.run(activity, null);
  return defaultPayloadConverter.toPayload(result).data?.length;
}

const many = <T>(n: number, make: (n: number) => T): T[] => Array.from({ length: Math.floor(n) }, (_, at) => make(at));

/** Values of a size as JSON, in bytes. */
const shapes: Readonly<Record<string, (bytes: number) => unknown>> = {
  'one text': (bytes) => 'x'.repeat(bytes - 100),
  'text of three bytes a character': (bytes) => '漢'.repeat(bytes / 3 - 100),
  'short texts': (bytes) => many(bytes / 5.2, () => 'ab'),
  digits: (bytes) => many(bytes / 2.1, () => 1),
  rows: (bytes) => many(bytes / 62, (n) => ({ id: n, name: `name of the row ${String(n)}`, isPaid: true })),
  'empty objects': (bytes) => many(bytes / 3.2, () => ({})),
  'a wide object': (bytes) => Object.fromEntries(many(bytes / 80, (n) => [`key ${String(n)}`, 'x'.repeat(60)])),
};

const cases = Object.entries(shapes);

describe('a result', () => {
  it.each(cases)('of %s below the limit is passed on while the event loop goes on', async (_name, make) => {
    const value = make(MAX_RESULT_BYTES);
    const { value: bytes, longestMs } = await watched(() => returned(value));
    expect(bytes).toBeGreaterThan(MAX_RESULT_BYTES * 0.7);
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
  });

  it.each(cases)('of %s four times the limit is refused for good while the event loop goes on', async (_name, make) => {
    const value = make(MAX_RESULT_BYTES * 4);
    const { longestMs } = await watched(() =>
      expect(returned(value)).rejects.toMatchObject({
        type: 'InvalidOutput',
        nonRetryable: true,
        message: `test.task: result: expected at most ${String(MAX_RESULT_BYTES)} bytes as JSON, got more; store large content and return a reference to it`,
      }),
    );
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
  });

  it('that contains itself, or is nested too deep, is refused for good', async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const deep = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as unknown;
    for (const value of [cycle, deep])
      await expect(returned(value)).rejects.toMatchObject({
        type: 'InvalidOutput',
        nonRetryable: true,
        message: expect.stringContaining('result: expected at most 500 levels, got more') as string,
      });
  });

  it('of 100 levels, without a value, and with entries that JSON leaves out is passed on', async () => {
    expect(await returned(JSON.parse('['.repeat(100) + ']'.repeat(100)))).toBe(200);
    expect(await returned(undefined)).toBe(undefined);
    expect(await returned({ a: undefined, at: new Date(0) })).toBe(33);
  });
});
