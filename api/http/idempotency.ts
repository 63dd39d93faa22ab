/** The header `Idempotency-Key`: what it names, and what it hides. */
import { createHash, hkdfSync } from 'node:crypto';
import type { Request } from 'express';
import { createKeyRing, InvalidInput, type KeyRing } from '../../client/index.ts';
import { callerOf } from './abuse.ts';
import { shownBy } from './auth.ts';

/** Name of the header. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';

/** Most characters of a key. */
export const MAX_KEY_LENGTH = 255;

/**
 * Returns the key of a request.
 *
 * @returns `undefined` for a request without a key
 * @throws InvalidInput
 */
export function keyOf(request: Request): string | undefined {
  const key = request.get(IDEMPOTENCY_KEY);
  if (key !== undefined && (key === '' || key.length > MAX_KEY_LENGTH)) {
    const expected = `1 to ${MAX_KEY_LENGTH} characters`;
    throw new InvalidInput([{ field: IDEMPOTENCY_KEY, expected, got: `${key.length} characters` }]);
  }
  return key;
}

/** Keys belong to who sends them: to an API key, or on a route without one to an address. */
function ownKeyOf(request: Request): string | undefined {
  const key = keyOf(request);
  return key === undefined ? undefined : `${shownBy(request) ?? callerOf(request)}\n${key}`;
}

/**
 * Derives a text from the key of a request that is the same for the same key of the same caller. The key is hashed,
 * because it may hold characters that an id may not, and may say what nobody else is to read.
 *
 * @returns 64 hexadecimal digits, `undefined` for a request without a key
 * @throws InvalidInput
 */
export function digestOfKey(request: Request): string | undefined {
  const key = ownKeyOf(request);
  return key === undefined ? undefined : createHash('sha256').update(key).digest('hex');
}

/**
 * Derives the id of a job from the key of its request, so that the same key names the same job.
 *
 * @returns `undefined` for a request without a key
 * @throws InvalidInput
 */
export function idOfKey(request: Request): string | undefined {
  const digest = digestOfKey(request);
  return digest === undefined ? undefined : `key-${digest.slice(0, 32)}`;
}

/** Returns the id that the caller chose, or the one of the key of the request. @throws InvalidInput both are given */
export function idOrKey(request: Request, id: string | undefined): string | undefined {
  const derived = idOfKey(request);
  if (id === undefined || derived === undefined) return id ?? derived;
  throw new InvalidInput([{ field: 'id', expected: 'no id beside an Idempotency-Key, which makes one', got: id }]);
}

/**
 * Makes a ring of one key that only who knows the `Idempotency-Key` can make, so that what is stored for a request is
 * of no use to who reads the database.
 *
 * @throws InvalidInput
 */
export function ringOfKey(request: Request): KeyRing | undefined {
  const key = ownKeyOf(request);
  if (key === undefined) return undefined;
  const derived = Buffer.from(hkdfSync('sha256', key, '', 'perennial answers', 32));
  return createKeyRing(`request:${derived.toString('base64')}`, IDEMPOTENCY_KEY);
}
