/** Who may call the API. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { HttpError } from './problem.ts';

/**
 * Lets a request pass that shows the key, as `Authorization: Bearer …` or `X-API-Key: …`.
 *
 * @param key - without one, everybody may call
 * @throws HttpError 401
 */
export function requireKey(request: Request, key: string | undefined): void {
  if (key === undefined) return;
  const shown = shownKey(request);
  if (shown !== undefined && sameText(shown, key)) return;
  const detail =
    shown === undefined
      ? 'This route needs an API key: send it as Authorization: Bearer KEY.'
      : 'The API key is wrong.';
  throw new HttpError(401, detail, { 'www-authenticate': 'Bearer realm="perennial"' });
}

function shownKey(request: Request): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '');
  return bearer?.[1] ?? request.get('x-api-key');
}

/** In constant time. Hashed first, because the comparison needs equal lengths and must not tell the length of the key. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
