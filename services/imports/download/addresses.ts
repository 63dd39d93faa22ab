/**
 * The addresses that a download may connect to. Every name is resolved here and the connection goes to the address that
 * was checked, so that a name cannot resolve differently a moment later (DNS rebinding).
 */
import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { PerennialError } from '../../../contracts/failures.ts';
import { shownUrl } from '../../../contracts/imports/vocabulary.ts';

/** Exceptions to the rule that only the public internet is reachable. */
export interface AddressRules {
  /** Allows every address, for closed networks and tests. */
  readonly allowPrivate: boolean;
  /** Host names, each optionally with a port, that are allowed whatever they resolve to. */
  readonly allowedHosts: readonly string[];
}

/** Resolves a name; replaced in tests. */
export type Lookup = typeof systemLookup;

/** The only part of IPv6 that is assigned to networks of the internet (RFC 4291). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** The last 64 bits of ISATAP addresses, whose last 32 bits are an IPv4 address (RFC 5214). */
const ISATAP: readonly number[] = [0x0000, 0x5efe];
/** The bit of the interface identifier that tells globally unique ones from local ones. */
const UNIQUE_BIT = 0x0200;

/**
 * Tells whether an IP address belongs to the public internet. An IPv4-mapped IPv6 address is decided by its IPv4
 * address, because sockets treat it as IPv4. All other forms that embed an IPv4 address (compatible, NAT64, 6to4,
 * Teredo, ISATAP) are refused, because a translator outside our control decides which network they lead to.
 * @param address - in the canonical form of URLs and sockets; other spellings and zones count as not public
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || (parsed.match(GLOBAL_UNICAST) && !isIsatap(parsed.parts));
}

function isIsatap(parts: readonly number[]): boolean {
  return ((parts[4] ?? 0) & ~UNIQUE_BIT) === ISATAP[0] && parts[5] === ISATAP[1];
}

/**
 * Checks everything about a URL that needs no connection.
 * @throws PerennialError `AddressNotAllowed`
 */
export function checkUrl(url: URL, rules: AddressRules): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused(url.href, `the scheme ${url.protocol}`);
  if (url.username !== '' || url.password !== '') throw refused(url.href, 'a user name or password in the address');
  const host = bareHost(url);
  if (isAllowedHost(url, rules)) return;
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refused(url.href, `the address ${host}`);
}

/** Creates a `lookup` for `http.request` that returns public addresses only. */
export function guardedLookup(url: URL, rules: AddressRules, lookup: Lookup = systemLookup): LookupFunction {
  const anything = isAllowedHost(url, rules);
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const found = error === null ? addresses : [];
      const usable = anything ? found : found.filter(({ address }) => isPublicAddress(address));
      const [first] = usable;
      // A private address among public ones indicates an attack, so no address of the name is used.
      if (error !== null) callback(error, '', 0);
      else if (first === undefined || usable.length < found.length)
        callback(refused(url.href, `the name ${hostname.slice(0, 100)}, which leads into a private network`), '', 0);
      else if (options.all === true) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Ends a request whose socket is connected to a forbidden address before anything is sent. The lookup has already
 * decided; this check also covers whatever lies between the lookup and the socket.
 */
export function guardSocket(socket: Socket, url: URL, rules: AddressRules, end: (error: Error) => void): void {
  if (isAllowedHost(url, rules)) return;
  socket.once('connect', () => {
    const { remoteAddress = 'none' } = socket;
    if (!isPublicAddress(remoteAddress)) end(refused(url.href, `a connection to the address ${remoteAddress}`));
  });
}

function isAllowedHost(url: URL, { allowPrivate, allowedHosts }: AddressRules): boolean {
  return allowPrivate || allowedHosts.some((host) => host === bareHost(url) || host === url.host);
}

/** Returns the host without the brackets of IPv6. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function refused(url: string, found: string): PerennialError {
  return new PerennialError(
    'AddressNotAllowed',
    `url: expected a public http or https address, got ${found} (${shownUrl(url)}). Add its host to IMPORT_ALLOWED_HOSTS if it may be reached.`,
  );
}
