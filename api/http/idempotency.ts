/** Ids of jobs from the header `Idempotency-Key`. */
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { InvalidInput } from '../../client/index.ts';

const HEADER = 'idempotency-key';
const MAX_KEY_LENGTH = 255;

/**
 * Returns the key of a request.
 *
 * @returns `undefined` for a request without a key
 * @throws InvalidInput
 */
export function keyOf(request: Request): string | undefined {
  const key = request.get(HEADER);
  if (key !== undefined && (key === '' || key.length > MAX_KEY_LENGTH)) {
    const expected = `1 to ${MAX_KEY_LENGTH} characters`;
    throw new InvalidInput([{ field: 'Idempotency-Key', expected, got: `${key.length} characters` }]);
  }
  return key;
}

/**
 * Derives the id of a job from the key of its request, so that the same key names the same job. The key is hashed, because
 * it may hold characters that an id may not.
 *
 * @returns `undefined` for a request without a key
 * @throws InvalidInput
 */
export function idOfKey(request: Request): string | undefined {
  const key = keyOf(request);
  return key === undefined ? undefined : `key-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

/** Returns the id that the caller chose, or the one of the key of the request. @throws InvalidInput both are given */
export function idOrKey(request: Request, id: string | undefined): string | undefined {
  const derived = idOfKey(request);
  if (id === undefined || derived === undefined) return id ?? derived;
  throw new InvalidInput([{ field: 'id', expected: 'no id beside an Idempotency-Key, which makes one', got: id }]);
}
