/** The log of one attempt of a task, with the same fields for every task. */
import type { Logger } from './logger.ts';
import { describeInput } from './redact.ts';

/** The attempt that a log is about. */
export interface TaskIdentity {
  readonly taskName: string;
  readonly taskId: string;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /** The workflow that called the task, unless the task is the workflow itself. */
  readonly workflowId?: string;
}

/** Celery's names for the state of a task, so that existing log searches keep working. */
export type TaskState = 'STARTED' | 'SUCCESS' | 'RETRY' | 'FAILURE' | 'REVOKED';

/** Logs the life of one attempt. */
export interface TaskLog {
  started(input: unknown): void;
  succeeded(output: unknown): void;
  /** Logs a failed attempt; `willRetry` distinguishes it from a failed task, `retryInMs` is the delay before the next one. */
  failed(error: unknown, willRetry: boolean, retryInMs?: number): void;
  /** Logs an attempt that was ended from outside; `cause` says by what. */
  revoked(cause: string): void;
  /** Lines of the body itself. */
  readonly body: Readonly<Record<BodyLevel, (message: string, fields?: Readonly<Record<string, unknown>>) => void>>;
}

/** Levels at which a body may write. */
export type BodyLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * Starts the log of an attempt and measures durations from here. At level `info` an attempt is one line, written at its
 * end, which also describes its input; the start is logged at level `debug`.
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
    failed: (error, willRetry, retryInMs) => {
      const delay = retryInMs === undefined ? {} : { retry_in_ms: retryInMs };
      if (willRetry) log.warn({ ...fields('RETRY'), ...delay, err: error }, 'task failed, will be retried');
      else log.error({ ...fields('FAILURE'), err: error }, 'task failed');
    },
    revoked: (cause) => {
      // The other two of Celery's reasons, expired and revoked, are those of runs without an attempt: workflows log them.
      log.warn({ ...fields('REVOKED'), reason: 'terminated', cause }, 'task revoked');
    },
    body: bodyLog(log, task),
  };
}

/** The fields of a body stand apart from those of the attempt, which they must not replace. */
function bodyLog(log: Logger, { taskName, taskId, attempt }: TaskIdentity): TaskLog['body'] {
  const at =
    (level: BodyLevel) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      const own = fields === undefined ? {} : { fields };
      log[level]({ task_name: taskName, task_id: taskId, retry_count: attempt - 1, ...own }, message);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
