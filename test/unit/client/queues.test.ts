/** Steering of queues: what a change answers while the server does not show it yet. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createQueueControls } from '../../../client/queues/controls.ts';
import type { Rpc } from '../../../client/connection/rpc.ts';

interface Shown {
  readonly rateLimit?: { readonly requestsPerSecond: number };
  readonly metadata: {
    readonly reason: string;
    readonly updateTime: { readonly seconds: number; readonly nanos: number };
  };
}

/** A server that shows a change of a queue only when it has been asked a few times, as the real one can. */
function serverThatShowsLate(late: number): { readonly rpc: Rpc; readonly asked: () => number } {
  let shown: Shown | undefined;
  let next: Shown | undefined;
  let looks = 0;
  let nanos = 0;
  const workflowService = {
    updateTaskQueueConfig: ({ updateQueueRateLimit: { reason, rateLimit } }: Update) => {
      nanos += 1;
      next = { ...(rateLimit ? { rateLimit } : {}), metadata: { reason, updateTime: { seconds: 1, nanos } } };
      looks = 0;
      return Promise.resolve({ config: { queueRateLimit: next } });
    },
    describeTaskQueue: () => {
      looks += 1;
      if (looks > late) shown = next;
      return Promise.resolve({ config: { queueRateLimit: shown }, pollers: [] });
    },
  };
  const client = { workflowService, options: { namespace: 'default', identity: 'test' } };
  const rpc = { client, address: '', call: (_: string, run: (given: unknown) => unknown) => run(client) };
  return { rpc: rpc as unknown as Rpc, asked: () => looks }; // the two calls are all that steering makes
}

interface Update {
  readonly updateQueueRateLimit: {
    readonly reason: string;
    readonly rateLimit?: { readonly requestsPerSecond: number };
  };
}

const gate = { forget: () => undefined, requireOpen: () => Promise.resolve() };

describe('a change of a queue', () => {
  it.each([0, 1, 5])('is answered when the server shows it, which takes %i more looks', async (late) => {
    const { rpc } = serverThatShowsLate(late);
    const controls = createQueueControls({ rpc, gate });
    const paused = await controls.pause('documents.critical', { reason: 'away', by: 'alice' });
    expect(paused).toMatchObject({ state: 'paused', reason: 'away', by: 'alice' });
    const resumed = await controls.resume('documents.critical', { reason: 'back', by: 'bob' });
    expect(resumed).toMatchObject({ state: 'running', reason: 'back', by: 'bob' });
  });

  it('that the server never shows is not called done', async () => {
    const { rpc, asked } = serverThatShowsLate(Number.POSITIVE_INFINITY);
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const change = expect(
      createQueueControls({ rpc, gate }).pause('documents.critical', { reason: 'away' }),
    ).rejects.toMatchObject({
      name: 'Unavailable',
      message: expect.stringMatching(/documents\.critical.*10 s/) as string,
    });
    await vi.advanceTimersByTimeAsync(11_000);
    await change;
    expect(asked()).toBeGreaterThan(10);
  });
});
