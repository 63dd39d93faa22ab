/** Measures how late the event loop of a process runs, as a histogram that counts every block once. */
import { Histogram, type Registry } from 'prom-client';

/** Upper bounds of the buckets, in seconds. */
const BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const TICK_MS = 10;

/** Timers count in whole milliseconds and may be early by one. */
const EARLY_MS = 1;

/** Delay above which the event loop counts as blocked, in milliseconds. */
const BLOCK_MS = 100;

/** What {@link monitorEventLoop} needs. */
export interface EventLoopOptions {
  /** Where the histogram is read; a block that has just ended is counted by then. */
  readonly registry: Registry;
  /** Receives each delay of more than 100 ms, in milliseconds, as soon as the event loop runs again. */
  readonly onBlock: (delayMs: number) => void;
}

/**
 * Starts to measure. A tick is due every 10 ms, and its lateness is one observation. Counts only grow, so that two
 * readers, or a reader that comes seldom, miss nothing; `monitorEventLoopDelay` of Node forgets a block that is under
 * way when its histogram is reset.
 */
export function monitorEventLoop({ registry, onBlock }: EventLoopOptions): { close(): void } {
  const histogram = new Histogram({
    name: 'perennial_event_loop_delay_seconds',
    help: 'How late the event loop ran, observed every 10 ms.',
    buckets: BOUNDS_S,
    registers: [registry],
    collect: () => tick(), // the reader may run before the timer that a block has delayed
  });
  let dueAt = performance.now() + TICK_MS;
  const tick = (): void => {
    const now = performance.now();
    if (now < dueAt - EARLY_MS) return;
    const delayMs = Math.max(0, now - dueAt);
    histogram.observe(delayMs / 1_000);
    if (delayMs > BLOCK_MS) onBlock(delayMs);
    dueAt = now + TICK_MS;
  };
  const timer = setInterval(tick, TICK_MS).unref();
  return { close: () => clearInterval(timer) };
}
