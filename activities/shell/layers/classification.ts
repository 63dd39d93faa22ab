/** Maps thrown errors to failures of the registry, with the delay of the task's retry rule. */
import { ApplicationFailure, CancelledFailure, CompleteAsyncError } from '@temporalio/activity';
import { failures, PerennialError } from '../../../contracts/failures.ts';
import { decideRetry } from '../../../contracts/tasks/retry-rules.ts';
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
function toFailure(error: unknown, call: Call, scale: number): Error {
  if (error instanceof CompleteAsyncError || error instanceof ApplicationFailure) return error;
  const { signal } = call.stop;
  const reason: unknown = signal.reason;
  if (reason instanceof StopReason)
    return failure(call, { type: reason.type, message: reason.message, cause: error }, scale);
  // Whatever a cancelled body throws means the cancellation.
  if (signal.aborted) return reason instanceof CancelledFailure ? reason : new CancelledFailure('cancelled');
  if (error instanceof PerennialError) return failure(call, error, scale);
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return failure(call, { type: 'Unexpected', message, cause: error }, scale);
}

/** What an attempt failed with. */
type Found = Pick<PerennialError, 'type' | 'message' | 'cause'> & { readonly retryAfterMs?: number | undefined };

function failure(
  { task, attempt }: Call,
  { type, message, cause, retryAfterMs }: Found,
  scale: number,
): ApplicationFailure {
  const failed = { type, class: failures[type].class, retryAfterMs };
  const decision = decideRetry(task.retry, failed, attempt.attempt, Math.random());
  const finalType = decision.again ? undefined : decision.finalType;
  return ApplicationFailure.create({
    type: finalType ?? type,
    message: finalType === undefined ? message : `Too many retries: ${message}`,
    ...(decision.again
      ? { nextRetryDelay: Math.max(1, Math.round(decision.delayMs * scale)) }
      : { nonRetryable: true }),
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
