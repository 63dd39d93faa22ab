/** Conversions between errors of the SDK in workflows and failures of the registry. */
import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import { type FailureRecord, failureRecord, isFailureType, PerennialError } from '../contracts/failures.ts';

/** What became of a task that failed, as plain data for rows and results. */
export function failureOf(error: unknown): FailureRecord {
  const cause = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && isFailureType(cause.type)) return failureRecord(cause.type, cause.message);
  if (cause instanceof PerennialError) return failureRecord(cause.type, cause.message);
  if (cause instanceof TimeoutFailure) return timeoutRecord(cause);
  return failureRecord('Unexpected', cause instanceof Error ? cause.message : String(cause));
}

function timeoutRecord(timeout: TimeoutFailure): FailureRecord {
  // Only calls that expire have a limit on their time in the queue.
  if (timeout.timeoutType === 'SCHEDULE_TO_START')
    return failureRecord('TaskExpired', 'No worker began the task before it expired.');
  return timeout.timeoutType === 'HEARTBEAT'
    ? failureRecord('WorkerLost', 'The worker stopped answering in every attempt at this task.')
    : failureRecord('TimeLimit', `The task ran into its time limit (${timeout.timeoutType}) in every attempt.`);
}

/**
 * What a workflow may throw: cancellation as it is, everything else as a failure
 * of the registry. Any other error would make the server retry the workflow
 * task for ever.
 */
export function toWorkflowFailure(error: unknown): unknown {
  if (isCancellation(error)) return error;
  const record = failureOf(error);
  return ApplicationFailure.create({
    type: record.type,
    message: record.message,
    nonRetryable: true,
    details: [record],
    ...(error instanceof Error ? { cause: error } : {}),
  });
}
