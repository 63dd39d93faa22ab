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

/** Which key a request showed; `none` where there are no keys. */
export type Shown = 'none' | 'key' | 'administrator';

/** The key of a request is none of ours. */
export class WrongKey extends HttpError {
  constructor() {
    super(401, 'The API key is wrong.', CHALLENGE);
  }
}

const CHALLENGE = { 'www-authenticate': 'Bearer realm="perennial"' };

/**
 * Lets a request pass that shows a key, as `Authorization: Bearer …` or `X-API-Key: …`. Where only administrators have
 * a key, theirs is needed for everything: setting a key never opens anything.
 *
 * @throws HttpError 401
 */
export function requireKey(request: Request, { key, adminKey }: Keys): Shown {
  if (key === undefined && adminKey === undefined) return 'none';
  const shown = requireShown(request);
  if (adminKey !== undefined && sameText(shown, adminKey)) return 'administrator';
  if (key !== undefined && sameText(shown, key)) return 'key';
  throw new WrongKey();
}

/**
 * Lets only administrators pass (P3-20). Where there is a key but none for
 * administrators, nobody passes: the key of every caller must not start any task.
 *
 * @throws HttpError 401, 403
 */
export function requireAdmin(request: Request, keys: Keys): Shown {
  const shown = requireKey(request, keys);
  if (shown === 'key') throw new HttpError(403, 'This route needs the key of an administrator (ADMIN_API_KEY).');
  return shown;
}

function requireShown(request: Request): string {
  const shown = shownKey(request);
  if (shown === undefined)
    throw new HttpError(401, 'This route needs an API key: send it as Authorization: Bearer KEY.', CHALLENGE);
  return shown;
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
