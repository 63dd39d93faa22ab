/** What the Idempotency-Key of a request names. */
import { createHash } from 'node:crypto';
import type { Request } from 'express';

/**
 * The id of the work that a request asks for: the same key is the same work. Hashed, because a key may hold characters
 * that an id may not.
 *
 * @returns nothing where the request has no key
 */
export function idOfKey(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  return key === undefined ? undefined : `key-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}
