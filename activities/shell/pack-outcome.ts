/**
 * Determines the outcome of a call in a pack that fails or takes too long; it equals that of a call in its own
 * activity.
 */
import { ApplicationFailure } from '@temporalio/activity';
import { msOptionalToNumber } from '@temporalio/common/lib/time.js';
import { PARKED, parkedCall } from '../../contracts/breakers/vocabulary.ts';
import { isFailureType, PerennialError } from '../../contracts/failures.ts';
import type { PackedOutcome } from '../../contracts/tasks/packs.ts';
import { withinLimit } from '../../contracts/values/within-limit.ts';
import type { LateSignal } from './late-signal.ts';

/**
 * First delay in milliseconds before another attempt when the failure names none, as in the retry policy of single
 * calls.
 */
const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;

/** Ends a call at its hard limit, as the server does with a single call. */
class HardLimit extends Error {}

/** Ends a call when its time is over and aborts the work that is still running. */
export async function withinHardLimit<T>(
  hardMs: number | undefined,
  stop: LateSignal,
  work: () => Promise<T>,
): Promise<T> {
  if (hardMs === undefined) return work();
  return withinLimit(work, hardMs, () => {
    const reason = new HardLimit(`The task ran into its hard time limit of ${hardMs} ms.`);
    stop.abort(reason);
    return reason;
  });
}

/**
 * Determines the outcome of a failed attempt.
 * @param attempt - the failed attempt, from 1
 * @param attempts - how many attempts the task may have.
 * @defaultValue 1
 */
export function outcomeOfFailure(error: unknown, attempt: number, attempts = 1): PackedOutcome {
  const failure = failureOf(error);
  const parked = error instanceof ApplicationFailure && error.type === PARKED ? parkedCall(error.details) : undefined;
  if (parked !== undefined) return { failure, retryInMs: parked.waitMs, parked: true };
  const delay = attempt < attempts ? delayOf(error, attempt) : undefined;
  return delay === undefined ? { failure, stack: stackOf(error) } : { failure, retryInMs: delay };
}

/** Longest stack in a report, in characters, because a pack may hold hundreds of calls that fail. */
const MAX_STACK = 1000;

/** Returns the places of the innermost stack, without its message, which may hold contents and addresses. */
function stackOf(error: unknown): string | undefined {
  let stack: string | undefined;
  for (let at = error; at instanceof Error; at = at.cause) stack = at.stack ?? stack;
  const places = stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return places?.join('\n').slice(0, MAX_STACK);
}

function failureOf(error: unknown): { type: string; message: string } {
  if (error instanceof HardLimit) return { type: 'HardTimeLimit', message: error.message };
  if (error instanceof PerennialError) return { type: error.type, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const type = error instanceof ApplicationFailure && isFailureType(error.type) ? error.type : 'Unexpected';
  return { type, message };
}

/** Returns the delay before the next attempt; `undefined` when another attempt would fail too. */
function delayOf(error: unknown, attempt: number): number | undefined {
  // An error of the pack before the shell: the arguments are invalid, or this worker does not serve the task.
  if (error instanceof PerennialError) return undefined;
  if (!(error instanceof ApplicationFailure)) return policyDelay(attempt);
  if (error.nonRetryable === true) return undefined;
  return Math.max(1, msOptionalToNumber(error.nextRetryDelay ?? undefined) ?? policyDelay(attempt));
}

function policyDelay(attempt: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
}
