/** Pages of other origins that may ask: those of `CORS_ORIGINS`, and the Web UI of Temporal for plain text. */
import type { Request, RequestHandler } from 'express';

const CODEC = '/v1/codec/';

/** Which origins may ask. */
export interface OriginRules {
  /** Origin of the Web UI that may ask for plain text. @defaultValue none */
  readonly codecOrigin?: string | undefined;
  /** Origins whose pages may use the whole API with a key. @defaultValue none */
  readonly corsOrigins?: readonly string[];
}

/** What a page of another origin may do. */
interface Grant {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
}

const FOR_WEB_UI = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'content-type, authorization, x-api-key, x-namespace',
  'access-control-allow-credentials': 'true',
};

/** Credentials of the browser are not allowed: a key is sent by the page itself, so that no other page can use it. */
const FOR_PAGES = {
  'access-control-allow-methods': 'GET, HEAD, POST, PATCH, DELETE',
  'access-control-allow-headers':
    'content-type, authorization, x-api-key, idempotency-key, if-none-match, last-event-id, prefer, x-request-id',
  'access-control-expose-headers': 'etag, idempotency-replayed, location, retry-after, x-request-id',
  'access-control-max-age': '600',
};

function grantTo(request: Request, { codecOrigin, corsOrigins = [] }: OriginRules): Grant | undefined {
  const origin = request.get('origin');
  if (origin === undefined) return undefined;
  if (origin === codecOrigin && request.path.startsWith(CODEC)) return { origin, headers: FOR_WEB_UI };
  return corsOrigins.includes(origin) ? { origin, headers: FOR_PAGES } : undefined;
}

/** The origin of a request when it may ask although it is not ours. */
export function trustedOrigin(request: Request, rules: OriginRules): string | undefined {
  return grantTo(request, rules)?.origin;
}

/** Tells the browser that the page may read the answers, and answers its question beforehand. */
export function allowOrigins(rules: OriginRules): RequestHandler {
  const someone = rules.codecOrigin !== undefined || (rules.corsOrigins ?? []).length > 0;
  return (request, response, next) => {
    // A cache must not give the answer for one origin to a page of another.
    if (someone) response.vary('Origin');
    const grant = grantTo(request, rules);
    if (grant === undefined) {
      next();
      return;
    }
    response.set({ 'access-control-allow-origin': grant.origin, ...grant.headers });
    // Helmet says that only pages of this origin may read what is answered.
    response.set('cross-origin-resource-policy', 'cross-origin');
    const asksBefore = request.method === 'OPTIONS' && request.get('access-control-request-method') !== undefined;
    if (asksBefore) response.status(204).end();
    else next();
  };
}
