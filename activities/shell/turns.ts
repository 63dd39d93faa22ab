/**
 * Shares the event loop among packs whose calls never wait: one of them works
 * at a time, the oldest first, and everything else of the process gets its turn
 * every few milliseconds, however many packs there are.
 */

/** Timers, heartbeats, workflows and other activities wait no longer for packs, in milliseconds. */
const TURN_MS = 10;

interface Waiter {
  /** Of the pack; the smallest goes first. */
  readonly startedAt: number;
  readonly go: () => void;
}

const waiters: Waiter[] = [];
let turnBegan = performance.now();

/** Goes on at once while the turn lasts, else when the turn of the pack that started then has come. */
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
