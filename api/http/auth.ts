/** Authentication of requests by API keys. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { HttpError } from './problem.ts';

/** The keys of an API. Without keys, every caller is accepted. */
export interface Keys {
  readonly key?: string | undefined;
  /** Opens every route. */
  readonly adminKey?: string | undefined;
}

/** The key that a request carried; `none` when the API has no keys. */
export type Shown = 'none' | 'key' | 'administrator';

/** The request carries an unknown key. */
export class WrongKey extends HttpError {
  constructor() {
    super(401, 'The API key is wrong.', CHALLENGE);
  }
}

/** What a request carries is not signed by whom the route hears. */
export class WrongSignature extends HttpError {
  constructor(detail: string) {
    super(403, detail);
  }
}

const CHALLENGE = { 'www-authenticate': 'Bearer realm="perennial"' };

/**
 * Accepts a request with a key, as `Authorization: Bearer …` or `X-API-Key: …`. When only `adminKey` is set, every route
 * needs it, so that setting a key never opens a route.
 *
 * @throws HttpError 401
 */
export function requireKey(request: Request, keys: Keys): Shown {
  const shown = compareKey(request, keys);
  shownKeys.set(request, shown);
  return shown;
}

function compareKey(request: Request, { key, adminKey }: Keys): Shown {
  if (key === undefined && adminKey === undefined) return 'none';
  const shown = requireShown(request);
  if (adminKey !== undefined && sameText(shown, adminKey)) return 'administrator';
  if (key !== undefined && sameText(shown, key)) return 'key';
  throw new WrongKey();
}

const shownKeys = new WeakMap<Request, Shown>();

/** The key that a request was accepted with; `undefined` on a route that needs none. */
export function shownBy(request: Request): Shown | undefined {
  return shownKeys.get(request);
}

/**
 * Accepts only the administrator's key. When only `key` is set, it refuses every request, because that key is shared by
 * callers who are not administrators.
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

/** Compares in constant time. Both texts are hashed first, because the comparison needs equal lengths and must not reveal the length of the key. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
