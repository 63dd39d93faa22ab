import { failures } from '../../contracts/failures.ts';
import { classify } from '../../contracts/failures/foreign/classify.ts';
import { PermanentError, RetryableError, TemporaryError } from '../../contracts/failures/task-errors.ts';
import type { ProcessedOutput, ProcessInput } from '../../contracts/operations/schema.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import type { TaskBody } from '../shell/task-body.ts';
import type { OperationsPorts } from './ports.ts';

/** Delay after a time-out, in milliseconds: what was too slow is left alone for longer. */
const AFTER_TIMEOUT_MS = 300 * SECOND_MS;

/** Processes data and says of each error what it means for the task; what is not foreseen stays as it is. */
export function createSafeProcess({
  processor,
}: Pick<OperationsPorts, 'processor'>): TaskBody<ProcessInput, ProcessedOutput> {
  return async ({ data }) => {
    try {
      return { status: 'processed', ...(await processor.process(data)) };
    } catch (error) {
      throw told(error);
    }
  };
}

function told(error: unknown): unknown {
  const { type, message } = classify(error, Date.now());
  const options = { cause: error };
  if (type === 'BackendTimeout')
    return new RetryableError(`Timeout: ${message}`, { ...options, retryAfterMs: AFTER_TIMEOUT_MS });
  if (type === 'BackendUnavailable') return new TemporaryError(`Network error: ${message}`, options);
  return failures[type].class === 'permanent' ? new PermanentError(`Invalid data: ${message}`, options) : error;
}
