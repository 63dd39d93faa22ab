/** Errors for bodies of tasks that say no more than whether another attempt may help, as Celery applications have them. */
import { PerennialError, type FailureType } from '../failures.ts';

/** Details of a {@link TaskError}. */
export interface TaskErrorOptions {
  readonly cause?: unknown;
}

/** Base of the errors by which a body says whether its task is tried again. */
export abstract class TaskError extends PerennialError {}

/**
 * Another attempt may help: the task is tried again by its retry rule.
 *
 * @example
 * ```ts
 * import { TemporaryError } from './define/index.ts';
 *
 * throw new TemporaryError('expected the printer to answer, got nothing');
 * ```
 */
export class TemporaryError extends TaskError {
  constructor(message: string, options?: TaskErrorOptions) {
    super('TemporaryError' satisfies FailureType, message, options);
  }
}

/**
 * No other attempt would help: the task has failed.
 *
 * @example
 * ```ts
 * import { PermanentError } from './define/index.ts';
 *
 * throw new PermanentError('expected an order with items, got none');
 * ```
 */
export class PermanentError extends TaskError {
  constructor(message: string, options?: TaskErrorOptions) {
    super('PermanentError' satisfies FailureType, message, options);
  }
}

/** Delay of a {@link RetryableError} that names none: one minute. */
const DEFAULT_RETRY_AFTER_MS = 60_000;

/**
 * The task is tried again after a delay that the error names.
 *
 * @example
 * ```ts
 * import { RetryableError } from './define/index.ts';
 *
 * throw new RetryableError('expected the report to be ready, got a queue', { retryAfterMs: 300_000 });
 * ```
 */
export class RetryableError extends TaskError {
  constructor(
    message: string,
    { retryAfterMs = DEFAULT_RETRY_AFTER_MS, ...options }: TaskErrorOptions & { readonly retryAfterMs?: number } = {},
  ) {
    super('RetryableError' satisfies FailureType, message, { ...options, retryAfterMs });
  }
}
