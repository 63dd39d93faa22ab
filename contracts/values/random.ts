/** Seeded random numbers, for what must be the same on every run: samples, pages of benchmarks, plans of faults. */

/** A source of repeatable random numbers. */
export interface Random {
  /** Returns a number from 0 up to, but not including, 1. */
  next(): number;
  /** Returns a number from `low` up to, but not including, `high`. */
  between(low: number, high: number): number;
  /** Returns an integer from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** Returns one of the items. */
  pick<T>(items: readonly T[]): T;
  /** Returns the items in another order. */
  shuffled<T>(items: readonly T[]): T[];
  /** Returns a normally distributed number with mean 0 and standard deviation 1. */
  bell(): number;
}

/** Makes a random source (mulberry32) from a seed. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  function int(low: number, high: number): number {
    return low + Math.floor(next() * (high - low + 1));
  }
  function pick<T>(items: readonly T[]): T {
    const item = items[int(0, items.length - 1)];
    if (item === undefined) throw new Error('pick: expected at least one item, found none');
    return item;
  }
  return {
    next,
    int,
    pick,
    shuffled: (items) => {
      const drawn = items.map((item) => ({ item, at: next() }));
      return drawn.toSorted((a, b) => a.at - b.at).map(({ item }) => item);
    },
    between: (low, high) => low + next() * (high - low),
    // The sum of twelve uniform numbers is close enough to the normal distribution and needs no logarithm per pixel.
    bell() {
      let sum = -6;
      for (let draw = 0; draw < 12; draw += 1) sum += next();
      return sum;
    },
  };
}
