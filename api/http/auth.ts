/** Who may call the API. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { HttpError } from './problem.ts';

/** The keys of an API; without any, everybody may call. */
export interface Keys {
  readonly key?: string | undefined;
  /** Opens everything. */
  readonly adminKey?: string | undefined;
}

/**
 * Lets a request pass that shows a key, as `Authorization: Bearer …` or `X-API-Key: …`.
 *
 * @throws HttpError 401
 */
export function requireKey(request: Request, { key, adminKey }: Keys): void {
  if (key === undefined) return;
  const shown = requireShown(request);
  if (!sameText(shown, key) && !(adminKey !== undefined && sameText(shown, adminKey)))
    throw unauthorized('The API key is wrong.');
}

/**
 * Lets only administrators pass (P3-20). Where there is a key but none for
 * administrators, nobody passes: the key of every caller must not start any task.
 *
 * @throws HttpError 401, 403
 */
export function requireAdmin(request: Request, { key, adminKey }: Keys): void {
  if (key === undefined && adminKey === undefined) return;
  const shown = requireShown(request);
  if (adminKey !== undefined && sameText(shown, adminKey)) return;
  if (key === undefined || !sameText(shown, key)) throw unauthorized('The API key is wrong.');
  throw new HttpError(403, 'This route needs the key of an administrator (ADMIN_API_KEY).');
}

function requireShown(request: Request): string {
  const shown = shownKey(request);
  if (shown === undefined) throw unauthorized('This route needs an API key: send it as Authorization: Bearer KEY.');
  return shown;
}

function unauthorized(detail: string): HttpError {
  return new HttpError(401, detail, { 'www-authenticate': 'Bearer realm="perennial"' });
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
