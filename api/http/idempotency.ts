/** Ids of jobs from the header `Idempotency-Key`. */
import { createHash } from 'node:crypto';
import type { Request } from 'express';

/**
 * Derives the id of a job from the key of its request, so that the same key names the same job. The key is hashed, because
 * it may hold characters that an id may not.
 *
 * @returns `undefined` for a request without a key
 */
export function idOfKey(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  return key === undefined ? undefined : `key-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}
