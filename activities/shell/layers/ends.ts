/** How an attempt with an error ends. */
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import type { Call } from '../layer.ts';

/** What follows an attempt with an error: another one, nothing, or it was revoked. */
export type End = 'retried' | 'failed' | 'revoked';

/** Tells how an attempt ends by the error that the server receives. */
export function endOf(error: unknown, { attempt, task }: Pick<Call, 'attempt' | 'task'>): End {
  if (attempt.inline) return 'failed';
  if (error instanceof CancelledFailure) return 'revoked';
  const final = error instanceof ApplicationFailure && error.nonRetryable === true;
  return final || attempt.attempt >= task.retry.attempts ? 'failed' : 'retried';
}
