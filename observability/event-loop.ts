/** Measures how late the event loop of a process runs, as a histogram that counts every block once. */

/** Upper bounds of the buckets, in seconds. */
const BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

const TICK_MS = 10;

/** Timers count in whole milliseconds and may be early by one. */
const EARLY_MS = 1;

/** Delay above which the event loop counts as blocked, in milliseconds. */
const BLOCK_MS = 100;

/** What {@link monitorEventLoop} needs. */
export interface EventLoopOptions {
  /** Receives each delay of more than 100 ms, in milliseconds, as soon as the event loop runs again. */
  readonly onBlock: (delayMs: number) => void;
}

/** A measurement that runs until it is closed. */
export interface EventLoopMonitor {
  /** Returns the histogram in the text format of Prometheus; a block that has just ended is counted already. */
  metrics(): string;
  close(): void;
}

/**
 * Starts to measure. A tick is due every 10 ms, and its lateness is one observation. Counts only grow, so that two
 * readers, or a reader that comes seldom, miss nothing; `monitorEventLoopDelay` of Node forgets a block that is under
 * way when its histogram is reset.
 */
export function monitorEventLoop({ onBlock }: EventLoopOptions): EventLoopMonitor {
  const counts = BOUNDS_S.map(() => 0);
  let count = 0;
  let sumS = 0;
  let dueAt = performance.now() + TICK_MS;
  const observe = (delayMs: number): void => {
    const delayS = delayMs / 1_000;
    count += 1;
    sumS += delayS;
    for (const [at, bound] of BOUNDS_S.entries()) if (delayS <= bound) counts[at] = (counts[at] ?? 0) + 1;
    if (delayMs > BLOCK_MS) onBlock(delayMs);
  };
  const tick = (): void => {
    const now = performance.now();
    if (now < dueAt - EARLY_MS) return;
    observe(Math.max(0, now - dueAt));
    dueAt = now + TICK_MS;
  };
  const timer = setInterval(tick, TICK_MS).unref();
  return {
    metrics: () => {
      tick(); // the reader may run before the timer that a block has delayed
      return textOf(counts, count, sumS);
    },
    close: () => clearInterval(timer),
  };
}

function textOf(counts: readonly number[], count: number, sumS: number): string {
  const name = 'perennial_event_loop_delay_seconds';
  const buckets = BOUNDS_S.map((bound, at) => `${name}_bucket{le="${String(bound)}"} ${String(counts[at])}`);
  return [
    `# HELP ${name} How late the event loop ran, observed every 10 ms.`,
    `# TYPE ${name} histogram`,
    ...buckets,
    `${name}_bucket{le="+Inf"} ${String(count)}`,
    `${name}_sum ${String(sumS)}`,
    `${name}_count ${String(count)}`,
    '',
  ].join('\n');
}
