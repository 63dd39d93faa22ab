/** Runs long work without holding up the event loop of the caller. */
import { setImmediate } from 'node:timers/promises';
import type { IsTurnOver, Turns } from '../contracts/values/turns.ts';

/** Longest turn, in milliseconds; the work notices its end a little later. */
const TURN_MS = 15;

/**
 * Runs work to its end; after each turn the event loop does what is due.
 *
 * @throws what the work throws
 *
 * @example
 * ```ts
 * import { inTurns } from './client/index.ts';
 *
 * const sum = await inTurns(function* (isTurnOver) {
 *   let total = 0;
 *   for (let n = 0; n < 1_000_000; n += 1) {
 *     total += n;
 *     if (isTurnOver()) yield;
 *   }
 *   return total;
 * });
 * ```
 */
export async function inTurns<T>(work: (isTurnOver: IsTurnOver) => Turns<T>): Promise<T> {
  let endAt = performance.now() + TURN_MS;
  const turns = work(() => performance.now() >= endAt);
  for (;;) {
    const step = turns.next();
    // What follows long work is a turn of its own.
    if (step.done !== true || performance.now() >= endAt) await setImmediate();
    if (step.done === true) return step.value;
    endAt = performance.now() + TURN_MS;
  }
}
