/**
 * Logs start and end of each attempt. It is the outermost layer, so that it sees the failure that the server receives.
 */
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import type { Attempt } from '../attempt.ts';
import type { AttemptLog, TaskIdentity } from '../attempt-log.ts';
import type { Layer } from '../layer.ts';

/**
 * Creates the layer.
 * @param logOf - creates the log of an attempt; an attempt without a server has its own
 */
export function log(logOf: (task: TaskIdentity) => AttemptLog): Layer {
  return async (call, next) => {
    const { attempt, task } = call;
    const entry = (attempt.log ?? logOf)(identity(attempt, task.name));
    entry.started(call.input);
    try {
      const output = await next({ ...call, log: entry.body });
      entry.succeeded(output);
      return output;
    } catch (error) {
      if (attempt.inline) entry.failed(error, false);
      else if (error instanceof CancelledFailure) entry.revoked(error.message);
      else entry.failed(error, !isFinal(error, attempt.attempt, task.retry.attempts));
      throw error;
    }
  };
}

function isFinal(error: unknown, attempt: number, attempts: number): boolean {
  return attempt >= attempts || (error instanceof ApplicationFailure && error.nonRetryable === true);
}

function identity({ taskId, attempt, workflowId }: Attempt, taskName: string): TaskIdentity {
  return {
    taskName,
    taskId,
    attempt,
    ...(workflowId === undefined ? {} : { workflowId }),
  };
}
