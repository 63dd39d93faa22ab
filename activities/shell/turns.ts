/**
 * Shares the event loop among packs whose calls never wait: one pack works at a time, the oldest first, and the rest of
 * the process runs every few milliseconds, however many packs there are.
 */

/** Longest time that packs delay timers, heartbeats, workflows and other activities, in milliseconds. */
const TURN_MS = 10;

interface Waiter {
  /** Start of the pack; the smallest goes first. */
  readonly startedAt: number;
  readonly go: () => void;
}

const waiters: Waiter[] = [];
let turnBegan = performance.now();

/** Returns at once while the turn lasts; otherwise returns a promise for the turn of the pack that started then. */
export function takeTurn(startedAt: number): Promise<void> | undefined {
  if (performance.now() - turnBegan < TURN_MS) return undefined;
  if (waiters.length === 0) setImmediate(nextTurn);
  return new Promise((go) => void waiters.push({ startedAt, go }));
}

function nextTurn(): void {
  turnBegan = performance.now();
  const oldest = waiters.reduce((first, waiter) => (waiter.startedAt < first.startedAt ? waiter : first));
  waiters.splice(waiters.indexOf(oldest), 1);
  if (waiters.length > 0) setImmediate(nextTurn);
  oldest.go();
}
