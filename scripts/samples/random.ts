/** Seeded random numbers: the samples and the bench pages must come out the same on every run. */

/** A source of repeatable random numbers. */
export interface Random {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** A number from `low` up to `high`. */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** One of the items. */
  pick<T>(items: readonly T[]): T;
  /** A number of the bell curve around 0 with deviation 1. */
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
    between: (low, high) => low + next() * (high - low),
    // The sum of twelve uniform numbers is near enough to the bell curve, and needs no logarithm per pixel.
    bell() {
      let sum = -6;
      for (let draw = 0; draw < 12; draw += 1) sum += next();
      return sum;
    },
  };
}
