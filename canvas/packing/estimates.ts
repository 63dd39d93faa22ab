/** Durations of calls, learned from the reports of packs, so that a replay makes the same packs. */

/** The work of one pack, in milliseconds: long beside its transport, short enough to share work among workers. */
export const PACK_TARGET_MS = 500;

/** Milliseconds above which a call gains nothing from sharing an activity. */
export const LONG_CALL_MS = 50;

/** Weight of the newest pack in the moving average. */
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
