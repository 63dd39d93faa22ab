/** Tells which failure an error of the provider of models is. Its text may quote the prompt, so it is not kept. */
import { OPENAI } from '../../contracts/ai/vocabulary.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { classify } from '../../contracts/failures/foreign/classify.ts';

/** Maps an error of the provider's client to a failure of the registry. */
export function toModelFailure(error: unknown): PerennialError {
  if (error instanceof PerennialError) return error;
  const { type, retryAfterMs } = classify(error, Date.now());
  return new PerennialError(type, `expected the provider of models to answer, got ${describe(error)}`, {
    retryAfterMs,
    provider: OPENAI,
  });
}

/** The failure of an answer that has another form than expected. @param expected - with its article */
export function otherAnswer(expected: string): PerennialError {
  return new PerennialError('BackendFailed', `expected the provider to answer with ${expected}, got something else`, {
    provider: OPENAI,
  });
}

/** Statuses and codes alone. */
function describe(error: unknown): string {
  const fields = typeof error === 'object' && error !== null ? error : {};
  const parts = ['status', 'code', 'param', 'requestID'].flatMap((name) => {
    const value: unknown = Reflect.get(fields, name);
    const isShort = typeof value === 'number' || (typeof value === 'string' && /^[\w.[\]-]{1,100}$/.test(value));
    return isShort ? [`${name} ${String(value)}`] : [];
  });
  return parts.length === 0 ? 'no answer' : parts.join(', ');
}
