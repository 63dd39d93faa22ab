/**
 * Guards of small HTTP servers against browsers. A page of any origin can make a browser on this machine send requests
 * here, and can give its own name our address (DNS rebinding); neither needs a key where none is set.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is refused. */
export interface Refusal {
  readonly status: 403 | 421;
  readonly detail: string;
}

/** What the guard reads of a request. */
export interface BrowserRequest {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Methods that change nothing; what they answer is kept from other origins by the browser itself. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Says why a request is not answered; `undefined` for one that may pass.
 *
 * - `Host` is an IP address, `localhost`, or one of `hosts`: else 421. An attacker can give any name our address, but
 *   no address.
 * - What changes something and comes from a browser comes from a page of this very server: else 403. Clients that are no
 *   browsers send neither `Origin` nor `Sec-Fetch-Site` and pass.
 *
 * @param request - the request as Node gives it
 * @param hosts - further names under which the server is known, without ports; case does not matter
 */
export function refuseBrowser(request: BrowserRequest, hosts: readonly string[]): Refusal | undefined {
  const { method = 'GET', headers } = request;
  const name = hostName(headers.host);
  if (name === undefined || !isOurs(name, hosts))
    return { status: 421, detail: 'Expected localhost, an IP address or a name in ALLOWED_HOSTS as the host.' };
  if (SAFE.has(method) || isSameOrigin(headers)) return undefined;
  return { status: 403, detail: 'Pages of other sites may not change anything here.' };
}

/** The host of a `Host` header or of an origin without its port; `undefined` for anything that is none. */
function hostName(host: string | undefined): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]\\]+)(?::\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase();
}

function isOurs(name: string, hosts: readonly string[]): boolean {
  if (name === 'localhost' || isIP(name.replace(/^\[(.+)\]$/, '$1')) !== 0) return true;
  return hosts.some((host) => host.toLowerCase() === name);
}

/**
 * `Sec-Fetch-Site` cannot be set by a page. `same-site` is not enough: another port of localhost is the same site.
 * Browsers send it on trustworthy addresses only, and `Origin` with everything but GET and HEAD.
 */
function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  // The scheme may differ: a proxy may end the encryption. Host and port are those that the browser sees.
  return origin === undefined || origin.replace(/^https?:\/\//i, '').toLowerCase() === headers.host?.toLowerCase();
}
