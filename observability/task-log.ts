/** The log of one attempt of a task: the same fields for every task (LOG-1, LOG-2, LOG-3). */
import type { Logger } from './logger.ts';
import { describeInput } from './redact.ts';

/** Which attempt of which task. */
export interface TaskIdentity {
  readonly taskName: string;
  readonly taskId: string;
  /** From 1. */
  readonly attempt: number;
  /** The workflow that asked for it, when it is not the task itself. */
  readonly workflowId?: string;
}

/** Celery's words for the state of a task, so that existing log searches still find them. */
export type TaskState = 'STARTED' | 'SUCCESS' | 'RETRY' | 'FAILURE' | 'REVOKED';

/** Writes the life of one attempt. */
export interface TaskLog {
  started(input: unknown): void;
  succeeded(output: unknown): void;
  /** `willRetry` tells a failed attempt from a failed task. */
  failed(error: unknown, willRetry: boolean): void;
  revoked(reason: string): void;
}

/**
 * Starts the log of an attempt; durations count from here. At `info` an attempt is one line, written when it ends, that
 * tells what it was given as well; that it has started is told at `debug`.
 */
export function createTaskLog(log: Logger, task: TaskIdentity, now: () => number = () => performance.now()): TaskLog {
  const startedAt = now();
  let given: unknown;
  const fields = (state: TaskState): Record<string, unknown> => ({
    task_name: task.taskName,
    task_id: task.taskId,
    ...(task.workflowId === undefined ? {} : { workflow_id: task.workflowId }),
    retry_count: task.attempt - 1,
    state,
    ...(state === 'STARTED' ? {} : { duration_ms: Math.round(now() - startedAt) }),
    described_input: describeInput(given),
  });
  return {
    started: (input) => {
      given = input;
      if (log.isLevelEnabled('debug')) log.debug(fields('STARTED'), 'task started');
    },
    succeeded: (output) => {
      log.info({ ...fields('SUCCESS'), described_output: describeInput(output) }, 'task succeeded');
    },
    failed: (error, willRetry) => {
      if (willRetry) log.warn({ ...fields('RETRY'), err: error }, 'task failed, will be retried');
      else log.error({ ...fields('FAILURE'), err: error }, 'task failed');
    },
    revoked: (reason) => {
      log.warn({ ...fields('REVOKED'), reason }, 'task revoked');
    },
  };
}
