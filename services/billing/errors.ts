/** Tells which failure an error of the provider of payments is. Its text may name who pays, so it is not kept. */
import { STRIPE } from '../../contracts/billing/vocabulary.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { classify } from '../../contracts/failures/foreign/classify.ts';

/** Maps an error of the provider's client to a failure of the registry. */
export function toPaymentFailure(error: unknown): PerennialError {
  if (error instanceof PerennialError) return error;
  const { type, retryAfterMs } = classify(error, Date.now());
  return new PerennialError(type, `expected the provider of payments to answer, got ${describe(error)}`, {
    retryAfterMs,
    provider: STRIPE,
  });
}

/** The failure of an answer that has another form than expected. @param expected - with its article */
export function otherAnswer(expected: string): PerennialError {
  return new PerennialError('BackendFailed', `expected the provider to answer with ${expected}, got something else`, {
    provider: STRIPE,
  });
}

/** Codes and statuses alone. */
function describe(error: unknown): string {
  const fields = typeof error === 'object' && error !== null ? error : {};
  const parts = ['type', 'code', 'decline_code', 'statusCode', 'param', 'requestId'].flatMap((name) => {
    const value: unknown = Reflect.get(fields, name);
    return typeof value === 'string' || typeof value === 'number' ? [`${name} ${String(value)}`] : [];
  });
  return parts.length === 0 ? 'an unknown error' : parts.join(', ');
}
