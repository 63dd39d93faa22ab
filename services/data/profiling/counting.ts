/** Counts what does not fit into memory: different values, repeated rows, and the spread of numbers. */
import { hash } from 'node:crypto';

/** A number, and whether it is exact. */
export interface Counted {
  readonly count: number;
  readonly exact: boolean;
}

/** Mixes a text into two numbers of 32 bits, as MurmurHash does; it keeps no secret. */
function mixed(text: string): readonly [number, number] {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return [high >>> 0, low >>> 0];
}

/** Two to the power of this many registers: the estimate is off by about 1 %. */
const REGISTER_BITS = 14;

/** Counts different values: exactly while there are few, and then by HyperLogLog in 16 kilobytes. */
export class DistinctCount {
  readonly #most: number;
  #seen: Set<number> | undefined = new Set();
  #registers: Uint8Array | undefined;

  /** @param most - different values that are counted exactly */
  constructor(most: number) {
    this.#most = most;
  }

  /** Returns whether the value has certainly not been added before. */
  add(value: string): boolean {
    const [high, low] = mixed(value);
    this.#register(high, low);
    if (this.#seen === undefined) return false;
    const before = this.#seen.size;
    this.#seen.add((high & 0x1f_ffff) * 0x1_0000_0000 + low);
    if (this.#seen.size > this.#most) this.#seen = undefined;
    return this.#seen?.size !== before;
  }

  result(): Counted {
    if (this.#seen !== undefined) return { count: this.#seen.size, exact: true };
    const registers = this.#registers ?? new Uint8Array();
    const size = registers.length;
    const sum = registers.reduce((total, rank) => total + 2 ** -rank, 0);
    const raw = ((0.7213 / (1 + 1.079 / size)) * size * size) / sum;
    const zeros = registers.filter((rank) => rank === 0).length;
    const count = raw <= 2.5 * size && zeros > 0 ? size * Math.log(size / zeros) : raw;
    return { count: Math.round(count), exact: false };
  }

  #register(high: number, low: number): void {
    this.#registers ??= new Uint8Array(2 ** REGISTER_BITS);
    const at = high >>> (32 - REGISTER_BITS);
    const rank = Math.clz32(low) + 1;
    if (rank > (this.#registers[at] ?? 0)) this.#registers[at] = rank;
  }
}

const FIRST_SLOTS = 1 << 12;

/** Finds rows that are equal to an earlier one, by 64 bits of their SHA-256. A row takes about 24 bytes. */
export class SeenRows {
  readonly #mostSlots: number;
  #slots = new Uint32Array(3 * FIRST_SLOTS);
  #count = 0;
  #full = false;

  /** @param mostRows - different rows that are remembered; later ones are compared with these alone */
  constructor(mostRows: number) {
    this.#mostSlots = 2 ** Math.ceil(Math.log2(2 * mostRows));
  }

  /** Whether every row was compared with every earlier one. */
  get exact(): boolean {
    return !this.#full;
  }

  /** Returns the line of the equal row before; `undefined` for a new row. */
  add(fields: readonly string[], line: number): number | undefined {
    const digest = hash('sha256', JSON.stringify(fields), 'buffer');
    return this.#place(digest.readUInt32LE(0) | 1, digest.readUInt32LE(4), line);
  }

  #place(high: number, low: number, line: number): number | undefined {
    const size = this.#slots.length / 3;
    for (let slot = low & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const at = 3 * slot;
      if (this.#slots[at] === 0) {
        this.#insert(at, high, low, line);
        return undefined;
      }
      if (this.#slots[at] === high >>> 0 && this.#slots[at + 1] === low) return this.#slots[at + 2];
    }
  }

  #insert(at: number, high: number, low: number, line: number): void {
    if (this.#full) return;
    this.#slots.set([high, low, line], at);
    this.#count += 1;
    if (6 * this.#count < this.#slots.length) return;
    if (this.#slots.length / 3 >= this.#mostSlots) this.#full = true;
    else this.#grow();
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(2 * before.length);
    this.#count = 0;
    for (let at = 0; at < before.length; at += 3) {
      const [high = 0, low = 0, line = 0] = before.subarray(at, at + 3);
      if (high !== 0) this.#place(high, low, line);
    }
  }
}

/** A number and the line that it stands on. */
export interface NumberAt {
  readonly value: number;
  readonly line: number;
}

/** Smallest and largest numbers that are remembered with their lines. */
const EXTREMES = 50;

/** Figures of the numbers of a column, from a sample of fixed size. */
export class NumberSpread {
  readonly #sample: number[] = [];
  readonly #mostSample: number;
  readonly #lowest: NumberAt[] = [];
  readonly #highest: NumberAt[] = [];
  #count = 0;
  #sum = 0;
  #random = 0x9e3779b9;

  constructor(mostSample: number) {
    this.#mostSample = mostSample;
  }

  add(value: number, line: number): void {
    this.#count += 1;
    this.#sum += value;
    keep(this.#lowest, { value, line }, (left, right) => left - right);
    keep(this.#highest, { value, line }, (left, right) => right - left);
    if (this.#sample.length < this.#mostSample) this.#sample.push(value);
    else {
      const at = this.#below(this.#count);
      if (at < this.#mostSample) this.#sample[at] = value;
    }
  }

  result(): Spread | undefined {
    const [low, high] = [this.#lowest[0], this.#highest[0]];
    if (low === undefined || high === undefined) return undefined;
    const sorted = this.#sample.toSorted((left, right) => left - right);
    const [first, median, third] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
    const reach = FENCE * (third - first);
    const outside = (side: readonly NumberAt[]): readonly NumberAt[] =>
      reach > 0 ? side.filter(({ value }) => value < first - reach || value > third + reach) : [];
    const [below, above] = [outside(this.#lowest), outside(this.#highest)];
    return {
      min: low.value,
      max: high.value,
      mean: this.#sum / this.#count,
      quartiles: [first, median, third],
      outliers: [...new Map([...above, ...below].map((found) => [found.line, found])).values()],
      exact: below.length < EXTREMES && above.length < EXTREMES && this.#count <= this.#mostSample,
    };
  }

  /** A number from 0 to below `limit`; the same in each run, so that the same file has the same report. */
  #below(limit: number): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#random / 0x1_0000_0000) * limit);
  }
}

/** How many times the distance of the quartiles a number lies outside of them, to be called an outlier. */
const FENCE = 3;

/** The figures of {@link NumberSpread}. */
export interface Spread {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly quartiles: [number, number, number];
  readonly outliers: readonly NumberAt[];
  readonly exact: boolean;
}

/** Keeps the first numbers of an order. */
function keep(kept: NumberAt[], found: NumberAt, order: (left: number, right: number) => number): void {
  const last = kept.at(-1);
  if (kept.length >= EXTREMES && last !== undefined && order(last.value, found.value) <= 0) return;
  let at = kept.length;
  while (at > 0 && order(kept[at - 1]?.value ?? 0, found.value) > 0) at -= 1;
  kept.splice(at, 0, found);
  if (kept.length > EXTREMES) kept.pop();
}

function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return below + (at - Math.floor(at)) * (above - below);
}
