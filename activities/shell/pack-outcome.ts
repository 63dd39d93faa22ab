/** What becomes of a call in a pack that fails or takes too long: the same as if it had been alone. */
import { ApplicationFailure } from '@temporalio/activity';
import { msOptionalToNumber } from '@temporalio/common/lib/time.js';
import { isFailureType, PerennialError } from '../../contracts/failures.ts';
import type { PackedOutcome } from '../../contracts/tasks/packs.ts';
import type { LateSignal } from './late-signal.ts';

/** Delays of attempts that failed without naming one: those of the retry policy that calls on their own have. */
const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;

/** What the server does itself to a call on its own: it gives the attempt up. */
class HardLimit extends Error {}

/** Gives a call up when its time is over; what it is still doing is told to stop. */
export async function withinHardLimit<T>(
  hardMs: number | undefined,
  stop: LateSignal,
  work: () => Promise<T>,
): Promise<T> {
  if (hardMs === undefined) return work();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const reason = new HardLimit(`The task ran into its time limit of ${hardMs} ms.`);
      stop.abort(reason);
      reject(reason);
    }, hardMs);
  });
  try {
    return await Promise.race([work(), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The outcome of a failed attempt.
 *
 * @param attempt - the one that failed, from 1
 * @param attempts - how many the task may have. @defaultValue 1
 */
export function outcomeOfFailure(error: unknown, attempt: number, attempts = 1): PackedOutcome {
  const failure = failureOf(error);
  const delay = attempt < attempts ? delayOf(error, attempt) : undefined;
  return delay === undefined ? { failure } : { failure, retryInMs: delay };
}

function failureOf(error: unknown): { type: string; message: string } {
  if (error instanceof HardLimit) return { type: 'TimeLimit', message: error.message };
  if (error instanceof PerennialError) return { type: error.type, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const type = error instanceof ApplicationFailure && isFailureType(error.type) ? error.type : 'Unexpected';
  return { type, message };
}

/** `undefined`: another attempt would fail as well. */
function delayOf(error: unknown, attempt: number): number | undefined {
  // Of the pack itself, before the shell: the arguments do not fit, or the task is not served here.
  if (error instanceof PerennialError) return undefined;
  if (!(error instanceof ApplicationFailure)) return policyDelay(attempt);
  if (error.nonRetryable === true) return undefined;
  return Math.max(1, msOptionalToNumber(error.nextRetryDelay ?? undefined) ?? policyDelay(attempt));
}

function policyDelay(attempt: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
}
