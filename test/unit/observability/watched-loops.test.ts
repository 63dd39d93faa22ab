/** Tests that watch an event loop see each block of its own, and nothing of other processes. */
import { pbkdf2Sync } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';

/** Takes more than twice the bound of the time of a core, however busy the machine is. */
const ROUNDS = 1_000_000;

async function busy(): Promise<void> {
  await sleep(20);
  pbkdf2Sync('x', 'y', ROUNDS, 32, 'sha256');
}

it('a block is seen', async () => {
  expect((await watched(busy)).longestMs).toBeGreaterThan(MOST_DELAY_MS);
});

describe('beside more threads than there are cores', () => {
  let threads: Worker[] = [];
  beforeAll(async () => {
    threads = Array.from({ length: 4 }, () => new Worker('for (;;);', { eval: true }));
    await Promise.all(threads.map((thread) => once(thread, 'online')));
  });
  afterAll(() => Promise.all(threads.map((thread) => thread.terminate())));

  it('a loop without blocks does not stand still', async () => {
    expect((await watched(() => sleep(1_500))).longestMs).toBeLessThan(MOST_DELAY_MS);
  });

  it('a block is seen', async () => {
    expect((await watched(busy)).longestMs).toBeGreaterThan(MOST_DELAY_MS);
  });
});
