/** Retries work while a server is away: with growing pauses, for a limited time, until aborted. */
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** Settings of {@link withPatience}. */
export interface Patience {
  /** Time that a call keeps trying, in milliseconds from its first failure. */
  readonly patienceMs: number;
  /** Ends the waiting; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  readonly isPassing: (error: unknown) => boolean;
  /** Builds the error that the caller receives. */
  readonly give: (error: unknown, waitedMs: number) => unknown;
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

/**
 * Runs `work` again while its errors are temporary. Time in which `work` runs without failing is not counted: patience
 * starts with the first failure.
 * @throws what `give` makes of the last error, or the reason of `signal`
 */
export async function withPatience<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  let firstFailure: number | undefined;
  for (let attempt = 1; ; attempt++) {
    patience.signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      const now = performance.now();
      firstFailure ??= now;
      const waited = now - firstFailure;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS) * (0.5 + Math.random());
      if (!patience.isPassing(error) || waited + pause > patience.patienceMs) throw patience.give(error, waited);
      patience.onRetry?.(error, attempt);
      await pauseFor(pause, patience.signal);
    }
  }
}

async function pauseFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch {
    // Node throws its own AbortError, but callers expect the reason they gave.
    signal?.throwIfAborted();
  }
}
