import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withCallWindow } from '../../../concurrency/call-window.ts';
import { createPace } from '../../../concurrency/pace.ts';

describe('the window of calls of a canvas', () => {
  it('makes calls in their order, never more than the limit at once', async () => {
    let open = 0;
    let most = 0;
    const begun: number[] = [];
    const call = withCallWindow(3, async (n: number) => {
      open += 1;
      most = Math.max(most, open);
      begun.push(n);
      await turn();
      open -= 1;
      return n * 2;
    });
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    await expect(Promise.all(numbers.map(call))).resolves.toEqual(numbers.map((n) => n * 2));
    expect(most).toBe(3);
    expect(begun).toEqual(numbers);
  });

  it('goes on after calls that fail, and is as wide as before when all have ended', async () => {
    let open = 0;
    let most = 0;
    const call = withCallWindow(2, async (n: number) => {
      open += 1;
      most = Math.max(most, open);
      await turn();
      open -= 1;
      if (n % 2 === 0) throw new RangeError(`no ${n}`);
      return n;
    });
    for (let round = 0; round < 2; round += 1) {
      most = 0;
      const outcomes = await Promise.allSettled([0, 1, 2, 3, 4].map(call));
      expect(outcomes.map(({ status }) => status)).toEqual([
        'rejected',
        'fulfilled',
        'rejected',
        'fulfilled',
        'rejected',
      ]);
      expect(most).toBe(2);
    }
  });

  it('counts calls by their weight, and makes one that weighs more than the limit alone', async () => {
    const ends: (() => void)[] = [];
    let open = 0;
    const most: number[] = [];
    const call = withCallWindow(
      10,
      async (weight: number) => {
        open += weight;
        most.push(open);
        await new Promise<void>((resolve) => ends.push(resolve));
        open -= weight;
      },
      (weight) => weight,
    );
    const all = Promise.all([4, 4, 4, 50, 1, 1].map(call));
    for (let end = ends.shift(); end !== undefined; end = ends.shift()) {
      end();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await all;
    expect(most).toEqual([4, 8, 8, 50, 1, 2]);
  });
});

describe('the pace of calls', () => {
  it('keeps few short calls under way, more of longer ones, and never more than may be', () => {
    const pace = createPace(500);
    const after = (ms: number): number => {
      for (let n = 0; n < 100; n += 1) pace.took(ms);
      return pace.limit();
    };
    expect(pace.limit()).toBe(100);
    expect(after(50)).toBe(100);
    expect(after(1000)).toBe(300);
    expect(after(60_000)).toBe(500);
    expect(after(50)).toBe(100);
  });

  it('is asked before each call', async () => {
    let limit = 1;
    let open = 0;
    const seen: number[] = [];
    const call = withCallWindow(
      () => limit,
      async (next: number) => {
        open += 1;
        seen.push(open);
        await turn();
        limit = next;
        open -= 1;
      },
    );
    await Promise.all([3, 3, 3, 3, 3, 3, 3].map(call));
    expect(seen).toEqual([1, 1, 2, 3, 3, 3, 3]);
  });
});
