/** Conversions between errors of the SDK in workflows and failures of the registry. */
import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  ContinueAsNew,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import { type FailureRecord, failureRecord, isFailureType, PerennialError } from '../contracts/failures.ts';
import { serverTimeouts } from '../contracts/failures/timeouts.ts';

/** What became of a task that failed, as plain data for rows and results. */
export function failureOf(error: unknown): FailureRecord {
  const cause = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && isFailureType(cause.type)) return failureRecord(cause.type, cause.message);
  if (cause instanceof PerennialError) return failureRecord(cause.type, cause.message);
  if (cause instanceof TimeoutFailure) return timeoutRecord(cause);
  return failureRecord('Unexpected', cause instanceof Error ? cause.message : String(cause));
}

function timeoutRecord({ timeoutType }: TimeoutFailure): FailureRecord {
  const { type, message } = serverTimeouts[timeoutType ?? 'START_TO_CLOSE'];
  return failureRecord(type, message);
}

/**
 * What a workflow may throw: cancellation and continue-as-new as they are,
 * everything else as a failure of the registry. Any other error would make the
 * server retry the workflow task for ever, so the interceptors convert whatever
 * a workflow throws.
 */
export function toWorkflowFailure(error: unknown): unknown {
  return isCancellation(error) || error instanceof ContinueAsNew ? error : permanent(failureOf(error), error);
}

/** What a workflow refuses a payload with. */
export function invalidInput(message: string): ApplicationFailure {
  return permanent(failureRecord('InvalidInput', message), undefined);
}

/** Longest message of a failure: it travels several times in one answer to the server, which takes 4 MB. */
const MESSAGE_LENGTH = 10_000;

function permanent({ type, message: whole }: FailureRecord, cause: unknown): ApplicationFailure {
  const message = whole.length > MESSAGE_LENGTH ? `${whole.slice(0, MESSAGE_LENGTH)}…` : whole;
  const record = failureRecord(type, message);
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: true,
    details: [record],
    ...(cause instanceof Error && message === whole ? { cause } : {}),
  });
}
