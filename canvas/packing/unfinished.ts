/** Entries of a pack that go on later. */
import type { Entry } from './entries.ts';

/** Gathers them by the time that they wait. */
export class Unfinished {
  /** Those that are tried again or were not begun, by the milliseconds that they wait. */
  readonly after = new Map<number, Entry[]>();
  /** Those whose provider takes no calls for the moment. */
  readonly parked: Entry[] = [];
  /** How long the parked ones wait, in milliseconds: each was told another time, and only together they share a pack again. */
  parkedMs = 0;

  add(entry: Entry, delay: number): void {
    if (entry.parked && delay > 0) {
      this.parked.push(entry);
      this.parkedMs = Math.max(this.parkedMs, delay);
      return;
    }
    const others = this.after.get(delay);
    if (others === undefined) this.after.set(delay, [entry]);
    else others.push(entry);
  }
}
