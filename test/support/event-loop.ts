/** Measures how long an event loop stands still. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Longest time that the event loop of a process of the product may stand still, in milliseconds. */
export const MOST_DELAY_MS = 100;

const TICK_MS = 5;

/** What {@link watched} has seen. */
export interface Watched<T> {
  readonly value: T;
  /** Longest time that this event loop stood still while the work ran, in milliseconds. */
  readonly longestMs: number;
}

/**
 * Runs some work and measures this event loop until it has ended. What counts is the time that this thread computed
 * between two ticks: on a busy machine it waits for a core, and for helpers and children that wait for one, through no
 * fault of the work. Where the system does not tell that time, the clock counts. The garbage of tests that ran before in
 * the same process is collected first: that time is not the work's either.
 */
export async function watched<T>(work: () => Promise<T>): Promise<Watched<T>> {
  collectGarbage();
  let before = spentMs();
  let longestMs = 0;
  const tick = (): void => {
    const now = spentMs();
    longestMs = Math.max(longestMs, now - before);
    before = now;
  };
  const timer = setInterval(tick, TICK_MS);
  try {
    const value = await work();
    tick(); // a block in the end of the work has had no tick yet
    return { value, longestMs };
  } finally {
    clearInterval(timer);
  }
}

/** Returns how long this thread has had a core, in milliseconds. */
function spentMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  // `as` is safe: with the flag, each new context has this function.
  (runInNewContext('gc') as () => void)();
}
