import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunks } from '../../../concurrency/chunks.ts';
import { runWindow, sourceOf } from '../../../concurrency/window.ts';

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('runWindow', () => {
  it('works on every item once, never on more than the limit at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat()), fc.integer({ min: 1, max: 20 }), async (items, limit) => {
        const done: number[] = [];
        let inWork = 0;
        let most = 0;
        await runWindow<number>({
          limit,
          next: sourceOf(items),
          work: async (item) => {
            most = Math.max(most, (inWork += 1));
            await tick();
            inWork -= 1;
            done.push(item);
          },
        });
        expect([...done].sort()).toEqual([...items].sort());
        expect(most).toBeLessThanOrEqual(limit);
        expect(most).toBe(Math.min(limit, items.length));
      }),
      { numRuns: 50 },
    );
  });

  it('after a rejection takes nothing new, waits for what is in work, and throws the first rejection', async () => {
    const finished: number[] = [];
    let taken = 0;
    const run = runWindow<number>({
      limit: 3,
      next: () => Promise.resolve(taken < 100 ? taken++ : undefined),
      work: async (item) => {
        if (item === 1) throw new TypeError('one');
        await tick();
        finished.push(item);
      },
    });
    await expect(run).rejects.toThrow('one');
    expect(taken).toBeLessThan(10);
    expect(finished).toContain(0);
    expect(finished).toContain(2);
  });
});

describe('chunks', () => {
  it('CANVAS-4 PERF-2 cuts 250 items into 3 chunks of at most 100 and keeps the order', () => {
    const items = Array.from({ length: 250 }, (_, n) => n);
    const cut = chunks(items, 100);
    expect(cut.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(cut.flat()).toEqual(items);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a size of %s with what was expected', (size) => {
    expect(() => chunks([1], size)).toThrow(/expected a chunk size of at least 1/);
  });
});
