/**
 * Protects small HTTP servers against browsers. A page of any origin can make a browser on this machine send requests
 * here, and can resolve its own name to our address (DNS rebinding); neither needs a key when none is set.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is refused. */
export interface Refusal {
  readonly status: 403 | 421;
  readonly detail: string;
}

/** The fields of a request that the check reads. */
export interface BrowserRequest {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Methods that change nothing; the browser itself keeps their answers from other origins. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Returns why a request is refused; `undefined` for an allowed one.
 *
 * - `Host` must be an IP address, `localhost`, or one of `hosts`, otherwise 421. An attacker can resolve any name to
 *   our address, but cannot choose an address as the name.
 * - A request of a browser that changes something must come from a page of this server, otherwise 403. Other clients
 *   send neither `Origin` nor `Sec-Fetch-Site` and are allowed.
 *
 * @param request - the request as Node gives it
 * @param hosts - further names of the server, without ports; case does not matter
 * @param origin - the origin of another site's page that is allowed all the same
 */
export function refuseBrowser(request: BrowserRequest, hosts: readonly string[], origin?: string): Refusal | undefined {
  const { method = 'GET', headers } = request;
  const name = hostName(headers.host);
  if (name === undefined || !isOurs(name, hosts))
    return { status: 421, detail: 'Expected localhost, an IP address or a name in ALLOWED_HOSTS as the host.' };
  if (SAFE.has(method) || isSameOrigin(headers)) return undefined;
  if (origin !== undefined && headers.origin === origin) return undefined;
  return { status: 403, detail: 'Pages of other sites may not change anything here.' };
}

/** Returns the host of a `Host` header or an origin, without its port; `undefined` for an invalid one. */
function hostName(host: string | undefined): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]\\]+)(?::\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase();
}

function isOurs(name: string, hosts: readonly string[]): boolean {
  if (name === 'localhost' || isIP(name.replace(/^\[(.+)\]$/, '$1')) !== 0) return true;
  return hosts.some((host) => host.toLowerCase() === name);
}

/**
 * Tells whether a request comes from a page of this server. A page cannot set `Sec-Fetch-Site`. `same-site` is not
 * sufficient, because another port of localhost is the same site. Browsers send the header to trustworthy addresses
 * only, and `Origin` with every method except GET and HEAD.
 */
function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  // The scheme may differ, because a proxy may terminate TLS. Host and port are those that the browser sees.
  return origin === undefined || origin.replace(/^https?:\/\//i, '').toLowerCase() === headers.host?.toLowerCase();
}
