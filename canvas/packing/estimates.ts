/** How long calls take, learned from the packs that have come back: so that packs replay as they were made. */

/** A pack is to work for about so long, in milliseconds: long enough to hide its way, short enough to share out the rest. */
export const PACK_TARGET_MS = 500;

/** Calls that take longer gain nothing from company, in milliseconds. */
export const LONG_CALL_MS = 50;

/** How much the newest pack counts beside those before it. */
const NEWEST = 0.5;

/** What is known of the tasks of one run. */
export interface Estimates {
  /** @param spent - by task: calls that ended, and the milliseconds that they took together */
  learn(spent: Readonly<Record<string, readonly [calls: number, ms: number]>>): void;
  /** Milliseconds of one call; `undefined` before the first has come back. */
  of(task: string): number | undefined;
  /** The task is better called on its own. */
  isLong(task: string): boolean;
}

/** Starts without any knowledge. */
export function createEstimates(): Estimates {
  const known = new Map<string, number>();
  const of = (task: string): number | undefined => known.get(task);
  return {
    learn: (spent) => {
      for (const [task, [calls, ms]] of Object.entries(spent)) {
        if (calls === 0) continue;
        const before = known.get(task);
        const now = ms / calls;
        known.set(task, before === undefined ? now : before * (1 - NEWEST) + now * NEWEST);
      }
    },
    of,
    isLong: (task) => (of(task) ?? 0) > LONG_CALL_MS,
  };
}
