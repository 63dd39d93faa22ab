import { setTimeout as sleep } from 'node:timers/promises';
import { type ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shell } from '../../../activities/shell/shell.ts';
import type { TaskBody } from '../../../activities/shell/task-body.ts';
import { documentTasks } from '../../../contracts/documents/tasks.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { taskRow } from '../../../contracts/tasks/definition.ts';
import { quietRuntime } from '../../support/temporal.ts';
import type { AttemptLog } from '../../../activities/shell/attempt-log.ts';
import { silentLog } from '../../support/silent-log.ts';

// The SDK reports every failed attempt; here failing is what is tested.
beforeAll(quietRuntime);

const schemas = { input: z.object({ n: z.number() }), output: z.number() };
const task = taskRow<{ n: number }, number>()({
  name: 'test.task',
  queue: queues.documentsDefault,
  purpose: 'For this test.',
  retry: { attempts: 4, delayMs: 60_000, reason: 'As OCR.' },
  limits: { softMs: 200, hardMs: 1000, heartbeatMs: 90, reason: 'Short.' },
});

interface Ran {
  readonly error: unknown;
  readonly value: unknown;
  readonly lines: readonly string[];
  readonly beats: number;
}

async function run(
  body: TaskBody<{ n: number }, number>,
  input: unknown = { n: 1 },
  environment = new MockActivityEnvironment(),
  scale?: number,
): Promise<Ran> {
  const lines: string[] = [];
  let beats = 0;
  environment.on('heartbeat', () => (beats += 1));
  const log: AttemptLog = {
    started: () => lines.push('started'),
    succeeded: () => lines.push('succeeded'),
    failed: (_error, willRetry) => lines.push(willRetry ? 'retry' : 'failed'),
    revoked: () => lines.push('revoked'),
    body: silentLog.body,
  };
  const activity = shell(task, schemas, body, {
    log: () => log,
    ...(scale === undefined ? {} : { retryDelayScale: scale }),
  });
  const settled = await environment.run(activity, input).then(
    (value: unknown) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  );
  return { ...settled, lines, beats };
}

const failWith =
  (error: Error): TaskBody<{ n: number }, number> =>
  () =>
    Promise.reject(error);

describe('the activity shell', () => {
  it('LOG-1 hands the checked input to the body and logs start and end', async () => {
    const ran = await run(({ n }) => Promise.resolve(n + 1));
    expect(ran).toMatchObject({ value: 2, error: undefined, lines: ['started', 'succeeded'] });
  });

  it('SEC-1 CFG-8 an input that breaks the contract is permanent and names field and expectation', async () => {
    const { error, lines } = await run(() => Promise.resolve(1), { n: 'one' });
    expect(error).toMatchObject({
      type: 'InvalidInput',
      nonRetryable: true,
      message: expect.stringMatching(/test\.task: n: .*number/) as string,
    });
    expect(lines).toEqual(['started', 'failed']);
  });

  it('an output that breaks the contract is permanent', async () => {
    const { error } = await run(() => Promise.resolve('x' as unknown as number));
    expect(error).toMatchObject({ type: 'InvalidOutput', nonRetryable: true });
  });

  it.each([2 ** 53, -(2 ** 60)])('an integer that JavaScript has rounded, such as %d, reaches nobody', async (n) => {
    const { error } = await run(() => Promise.resolve(n));
    expect(error).toMatchObject({
      type: 'InvalidOutput',
      nonRetryable: true,
      message: expect.stringContaining(
        'result: expected an integer within ±(2^53 − 1); pass larger ones as text',
      ) as string,
    });
    expect((await run(() => Promise.resolve(Number.MAX_SAFE_INTEGER))).value).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('RETRY-1 a transient failure asks for the delay of its task', async () => {
    const { error, lines } = await run(failWith(new PerennialError('ReaderCrashed', 'gone')));
    expect(error).toMatchObject({ type: 'ReaderCrashed', nextRetryDelay: 60_000 });
    expect((error as ApplicationFailure).nonRetryable).not.toBe(true);
    expect(lines).toEqual(['started', 'retry']);
    expect(documentTasks.readDocument.retry).toMatchObject({ attempts: 4, delayMs: 60_000 });
  });

  it('a throttled failure waits as long as the other side asked, scaled, and never 0', async () => {
    const throttled = new PerennialError('BackendThrottled', 'slow down', { retryAfterMs: 7_000 });
    expect((await run(failWith(throttled))).error).toMatchObject({ nextRetryDelay: 7_000 });
    expect((await run(failWith(throttled), { n: 1 }, new MockActivityEnvironment(), 0)).error).toMatchObject({
      nextRetryDelay: 1,
    });
  });

  it('a permanent failure is never retried', async () => {
    const { error } = await run(failWith(new PerennialError('CorruptDocument', 'broken')));
    expect(error).toMatchObject({ type: 'CorruptDocument', nonRetryable: true });
  });

  it('an error that nobody foresaw is retried as Unexpected, and its cause keeps no message', async () => {
    const secret = new PerennialError('DatabaseUnavailable', 'away', {
      cause: new TypeError('postgres://user:secret@host'),
    });
    const { error } = await run(failWith(secret));
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret');
    expect(String((error as Error & { cause?: Error }).cause?.stack)).not.toContain('secret');
    expect((await run(failWith(new RangeError('odd')))).error).toMatchObject({
      type: 'Unexpected',
      message: 'RangeError: odd',
    });
  });

  it('TIME-1 the soft limit aborts the signal and becomes TimeLimit; limits are 300 s and 600 s for OCR', async () => {
    const { error } = await run(async (_input, { signal }) => sleep(5_000, 1, { signal }));
    expect(error).toMatchObject({ type: 'TimeLimit', message: expect.stringContaining('200 ms') as string });
    expect(documentTasks.readDocument.limits).toMatchObject({ softMs: 300_000, hardMs: 600_000 });
  });

  it('beats while the body works, and carries its details', async () => {
    const details: unknown[] = [];
    const environment = new MockActivityEnvironment();
    environment.on('heartbeat', (value: unknown) => details.push(value));
    await run(
      async (_input, context) => {
        context.progress({ page: 3 });
        await sleep(120);
        return 1;
      },
      { n: 1 },
      environment,
    );
    expect(details.length).toBeGreaterThanOrEqual(4);
    expect(details.at(-1)).toEqual({ page: 3 });
  });

  it('gives the body a key that is the same in every attempt', async () => {
    const keys: string[] = [];
    for (const attempt of [1, 2]) {
      const environment = new MockActivityEnvironment({ attempt });
      await run(
        (_input, { idempotencyKey, taskId }) => {
          keys.push(idempotencyKey, taskId);
          return Promise.resolve(1);
        },
        { n: 1 },
        environment,
      );
    }
    expect(keys[0]).not.toBe('');
    expect(new Set(keys).size).toBe(1);
  });

  it('a cancelled body ends as cancelled, whatever it throws', async () => {
    const environment = new MockActivityEnvironment();
    const running = run(
      async (_input, { signal }) => {
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve, { once: true });
        });
        throw new TypeError('half way');
      },
      { n: 1 },
      environment,
    );
    await sleep(20);
    environment.cancel();
    const { error, lines } = await running;
    expect(error).toBeInstanceOf(CancelledFailure);
    expect(lines).toEqual(['started', 'revoked']);
  });
});
