/**
 * Logs start and end of each attempt. It lies outside of the classification, so that it sees the failure that the server
 * receives.
 */
import { ApplicationFailure } from '@temporalio/activity';
import { msOptionalToNumber } from '@temporalio/common/lib/time.js';
import type { Attempt } from '../attempt.ts';
import type { AttemptLog, TaskIdentity } from '../attempt-log.ts';
import type { Layer } from '../layer.ts';
import { endOf } from './ends.ts';

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
      const end = endOf(error, call);
      if (end === 'revoked')
        entry.revoked((error as Error).message); // a cancellation
      else entry.failed(error, end === 'retried', delayOf(error));
      throw error;
    }
  };
}

function delayOf(error: unknown): number | undefined {
  return error instanceof ApplicationFailure ? msOptionalToNumber(error.nextRetryDelay ?? undefined) : undefined;
}

/** Returns the attempt as a log names it. */
export function identity({ taskId, attempt, workflowId }: Attempt, taskName: string): TaskIdentity {
  return {
    taskName,
    taskId,
    attempt,
    ...(workflowId === undefined ? {} : { workflowId }),
  };
}
