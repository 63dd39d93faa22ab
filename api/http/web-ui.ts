/** The one page of another origin that may ask: the Web UI of Temporal, for plain text. */
import type { Request, RequestHandler } from 'express';

const CODEC = '/v1/codec/';

/** The origin of a request when it may ask although it is not ours. */
export function trustedOrigin(request: Request, codecOrigin: string | undefined): string | undefined {
  const origin = request.get('origin');
  return codecOrigin !== undefined && origin === codecOrigin && request.path.startsWith(CODEC) ? origin : undefined;
}

/** Tells the browser that the Web UI may read the answers, and answers its question beforehand. */
export function allowWebUi(codecOrigin: string | undefined): RequestHandler {
  return (request, response, next) => {
    const origin = trustedOrigin(request, codecOrigin);
    if (origin === undefined) {
      next();
      return;
    }
    response.set({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, authorization, x-api-key, x-namespace',
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
    // Helmet says that only pages of this origin may read what is answered.
    response.set('cross-origin-resource-policy', 'cross-origin');
    if (request.method === 'OPTIONS') response.status(204).end();
    else next();
  };
}
