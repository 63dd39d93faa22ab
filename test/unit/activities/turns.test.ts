import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { takeTurn } from '../../../activities/shell/turns.ts';

/** Works on without ever waiting, as tiny calls do. */
function work(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

describe('turns of packs', () => {
  it('one at a time, the oldest first, and everything else in between', async () => {
    await sleep(1); // the turn before is over once somebody asks
    const order: string[] = [];
    const pack = async (name: string, startedAt: number): Promise<void> => {
      for (let n = 0; n < 3; n += 1) {
        work(15);
        await takeTurn(startedAt);
        order.push(name);
      }
    };
    const packs = Promise.all([pack('young', 2), pack('old', 1)]);
    const others = async (): Promise<void> => {
      while (order.length < 6) {
        await turn();
        order.push('other');
      }
    };
    await Promise.all([packs, others()]);
    const own = order.filter((name) => name !== 'other');
    expect(own).toEqual(['old', 'old', 'old', 'young', 'young', 'young']);
    expect(order.filter((name) => name === 'other').length).toBeGreaterThan(0);
  });
});
