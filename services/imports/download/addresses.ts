/**
 * Which addresses a download may connect to. Every name is resolved here and
 * the connection goes to the very address that was checked, so that a name
 * cannot answer differently a moment later (DNS rebinding).
 */
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { PerennialError } from '../../../contracts/failures.ts';
import { shownUrl } from '../../../contracts/imports/vocabulary.ts';

/** Who may be reached beyond the public internet. */
export interface AddressRules {
  /** Any address at all, for closed networks and tests. */
  readonly allowPrivate: boolean;
  /** Host names, each optionally with a port, that may be reached wherever they lead. */
  readonly allowedHosts: readonly string[];
}

/** Looks a name up; replaced in tests. */
export type Lookup = typeof systemLookup;

/** Says whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // `process` turns IPv4-mapped IPv6 into IPv4. All that is not plain unicast is private, reserved, a tunnel or a translation.
  return ipaddr.process(address).range() === 'unicast';
}

/**
 * Checks everything about a URL that can be told without a connection.
 *
 * @throws PerennialError `AddressNotAllowed`
 */
export function checkUrl(url: URL, rules: AddressRules): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused(url.href, `the scheme ${url.protocol}`);
  if (url.username !== '' || url.password !== '') throw refused(url.href, 'a user name or password in the address');
  const host = bareHost(url);
  if (isAllowedHost(url, rules)) return;
  if (ipaddr.isValid(host) && !isPublicAddress(host)) throw refused(url.href, `the address ${host}`);
}

/** A `lookup` for `http.request` that gives public addresses only. */
export function guardedLookup(url: URL, rules: AddressRules, lookup: Lookup = systemLookup): LookupFunction {
  const anything = isAllowedHost(url, rules);
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const found = error === null ? addresses : [];
      const usable = anything ? found : found.filter(({ address }) => isPublicAddress(address));
      const [first] = usable;
      // One private address among public ones is an attempt to get in: nothing is connected at all.
      if (error !== null) callback(error, '', 0);
      else if (first === undefined || usable.length < found.length)
        callback(refused(url.href, `the name ${hostname.slice(0, 100)}, which leads into a private network`), '', 0);
      else if (options.all === true) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
}

function isAllowedHost(url: URL, { allowPrivate, allowedHosts }: AddressRules): boolean {
  return allowPrivate || allowedHosts.some((host) => host === bareHost(url) || host === url.host);
}

/** The host without the brackets of IPv6. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function refused(url: string, found: string): PerennialError {
  return new PerennialError(
    'AddressNotAllowed',
    `url: expected a public http or https address, got ${found} (${shownUrl(url)}). Add its host to IMPORT_ALLOWED_HOSTS if it may be reached.`,
  );
}
