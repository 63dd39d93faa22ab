/** Maps thrown errors to failures of the registry, with the delay of the task's retry rule. */
import { ApplicationFailure, CancelledFailure, CompleteAsyncError } from '@temporalio/activity';
import { failures, type FailureType, PerennialError } from '../../../contracts/failures.ts';
import { retryDelayMs } from '../../../contracts/tasks/definition.ts';
import { type Call, type Layer, StopReason } from '../layer.ts';

/**
 * Creates the layer. Without a server, errors are thrown unchanged.
 * @param retryDelayScale - multiplies every delay before another attempt.
 * @defaultValue 1
 */
export function classification(retryDelayScale = 1): Layer {
  return async (call, next) => {
    try {
      return await next(call);
    } catch (error) {
      throw call.attempt.inline ? error : toFailure(error, call, retryDelayScale);
    }
  };
}

/** Converts an error of a task to the failure that the SDK reports. */
function toFailure(error: unknown, { task, attempt, stop }: Call, scale: number): Error {
  if (error instanceof CompleteAsyncError || error instanceof ApplicationFailure) return error;
  const nextDelayMs = (retryAfterMs?: number): number =>
    Math.max(1, Math.round((retryAfterMs ?? retryDelayMs(task.retry, attempt.attempt)) * scale));
  const { signal } = stop;
  const reason: unknown = signal.reason;
  if (reason instanceof StopReason) return failure(reason.type, reason.message, error, nextDelayMs());
  // Whatever a cancelled body throws means the cancellation.
  if (signal.aborted) return reason instanceof CancelledFailure ? reason : new CancelledFailure('cancelled');
  if (error instanceof PerennialError)
    return failure(error.type, error.message, error.cause, nextDelayMs(error.retryAfterMs));
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return failure('Unexpected', message, error, nextDelayMs());
}

function failure(type: FailureType, message: string, cause: unknown, nextDelayMs: number): ApplicationFailure {
  const kind = failures[type].class;
  const retried = kind === 'transient' || kind === 'throttled';
  return ApplicationFailure.create({
    type,
    message,
    ...(retried ? { nextRetryDelay: nextDelayMs } : { nonRetryable: true }),
    ...(cause instanceof Error ? { cause: withoutMessage(cause) } : {}),
  });
}

/**
 * Keeps the stack of a cause for the history but not its message, because vendors put contents and addresses into
 * messages.
 */
function withoutMessage(cause: Error): Error {
  const kept = new Error(cause.name);
  kept.name = cause.name;
  kept.stack =
    cause.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .join('\n') ?? '';
  return kept;
}
