/** Measures how long an event loop stands still. */
import { readFileSync } from 'node:fs';

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
 * Runs some work and measures this event loop until it has ended. Time that this thread waited for a core is left out,
 * so that other processes of a busy machine do not count.
 */
export async function watched<T>(work: () => Promise<T>): Promise<Watched<T>> {
  let before = look();
  let longestMs = 0;
  const tick = (): void => {
    const now = look();
    longestMs = Math.max(longestMs, now.at - before.at - (now.waitedMs - before.waitedMs) - TICK_MS);
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

function look(): { readonly at: number; readonly waitedMs: number } {
  return { at: performance.now(), waitedMs: waitedMs() };
}

/** Returns how long this thread was ready to run without a core; 0 where the system does not tell. */
function waitedMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
