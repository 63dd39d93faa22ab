/** Maps thrown errors to failures of the registry, with the delay of the task's retry rule. */
import { ApplicationFailure, CancelledFailure, CompleteAsyncError } from '@temporalio/activity';
import { msOptionalToNumber } from '@temporalio/common/lib/time.js';
import { failures, PerennialError } from '../../../contracts/failures.ts';
import { classify, type Classified } from '../../../contracts/failures/foreign/classify.ts';
import { LONGEST_MESSAGE, LONGEST_NAME, shortened } from '../../../contracts/failures/foreign/message.ts';
import { isA, textOf, valueOf } from '../../../contracts/failures/foreign/reading.ts';
import { decideRetry } from '../../../contracts/tasks/retry-rules.ts';
import { type Call, type Layer, StopReason } from '../layer.ts';

/** The end of a stack that is searched for places, in characters: its beginning repeats the message. */
const LONGEST_STACK = 10_000;

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
  if (isA(error, CompleteAsyncError)) return error;
  const { signal } = call.stop;
  const reason: unknown = signal.reason;
  if (reason instanceof StopReason) return failure(call, reason, error, scale);
  // Whatever a cancelled body throws means the cancellation.
  if (signal.aborted) return reason instanceof CancelledFailure ? reason : new CancelledFailure('cancelled');
  if (isA(error, ApplicationFailure)) return bounded(error);
  return failure(
    call,
    classify(error, Date.now()),
    isA(error, PerennialError) ? valueOf(error, 'cause') : error,
    scale,
  );
}

function failure({ task, attempt }: Call, found: Classified, cause: unknown, scale: number): ApplicationFailure {
  const { type, message, retryAfterMs, provider } = found;
  const failed = { type, class: failures[type].class, retryAfterMs };
  const decision = decideRetry(task.retry, failed, attempt.attempt, Math.random());
  const finalType = decision.again ? undefined : decision.finalType;
  return ApplicationFailure.create({
    type: finalType ?? type,
    message: finalType === undefined ? message : `Too many retries: ${message}`,
    ...(decision.again
      ? { nextRetryDelay: Math.max(1, Math.round(decision.delayMs * scale)) }
      : { nonRetryable: true }),
    ...(provider === undefined ? {} : { details: [{ provider }] }),
    ...(isA(cause, Error) ? { cause: withoutMessage(cause) } : {}),
  });
}

/** Keeps what a body decided itself, but no causes of any depth and no message of any length. */
function bounded(failure: ApplicationFailure): ApplicationFailure {
  const { type, nonRetryable, details, category, cause } = failure;
  const copy = ApplicationFailure.create({
    message: shortened(failure.message, LONGEST_MESSAGE),
    nextRetryDelay: msOptionalToNumber(failure.nextRetryDelay ?? undefined),
    ...(isA(cause, Error) ? { cause: withoutMessage(cause) } : {}),
  });
  return Object.assign(copy, { type, nonRetryable, details, category });
}

/**
 * Keeps the stack of a cause for the history but not its message, because vendors put contents and addresses into
 * messages.
 */
function withoutMessage(cause: Error): Error {
  const kept = new Error();
  kept.name = textOf(cause, 'name').slice(0, LONGEST_NAME) || 'Error';
  kept.message = kept.name;
  kept.stack = textOf(cause, 'stack')
    .slice(-LONGEST_STACK)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');
  return kept;
}
