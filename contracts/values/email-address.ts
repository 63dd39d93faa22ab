/** The one rule for e-mail addresses, which mail, imports and reports share. */

/** An address with the name that people read beside it. */
export interface Mailbox {
  readonly name?: string;
  /** Canonical: its domain is in lower case and ASCII. */
  readonly address: string;
}

/** A dot-atom (RFC 5322, 3.2.3). Quoted local parts are refused, because hardly any server delivers to them. */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const LONGEST_LOCAL_PART = 64;
const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/;
/** Letters, so that an IPv4 address in any notation is no domain. */
const TOP_LEVEL = /^(?:[a-z]{2,}|xn--[a-z\d-]+)$/;
const ASCII = /^[\w.-]*$/;
/** Characters that a URL gives another meaning than that of a host. */
const NO_HOST = /[\s%/\\?#:@[\]<>^|]/;
const LONGEST_ADDRESS = 254;
const LONGEST_NAME = 200;

/**
 * Returns the canonical form of a bare address: `ann@Müller.de` becomes `ann@xn--mller-kva.de` (RFC 5891). A local part
 * with characters beyond ASCII is refused, because most servers do not take it (RFC 6531).
 *
 * @returns `undefined` for everything that is no address, also for one with a name beside it
 */
export function parseAddress(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(0, at));
  if (local.length > LONGEST_LOCAL_PART || !LOCAL_PART.test(local)) return undefined;
  const domain = asciiDomain(text.slice(at + 1));
  const address = `${local}@${domain ?? ''}`;
  return domain === undefined || address.length > LONGEST_ADDRESS ? undefined : address;
}

function asciiDomain(domain: string): string | undefined {
  if (domain.length > LONGEST_ADDRESS || NO_HOST.test(domain)) return undefined;
  const ascii = ASCII.test(domain) ? domain.toLowerCase() : hostOf(domain);
  const labels = ascii.split('.');
  const valid = labels.length > 1 && labels.every((label) => LABEL.test(label)) && TOP_LEVEL.test(labels.at(-1) ?? '');
  return valid ? ascii : undefined;
}

/** The host of a URL is converted by the rules for international domain names (UTS 46). */
function hostOf(domain: string): string {
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : '';
}

/**
 * Reads an address, or a name followed by an address in angle brackets: `"Lovelace, Ada" <ada@example.com>`.
 *
 * @returns `undefined` for everything else, also for several addresses and for a name with control characters
 */
export function parseMailbox(text: string): Mailbox | undefined {
  if (!text.endsWith('>')) {
    const address = parseAddress(text);
    return address === undefined ? undefined : { address };
  }
  const open = text.lastIndexOf('<');
  const address = parseAddress(text.slice(open + 1, -1).trim());
  const name = displayName(text.slice(0, Math.max(0, open)).trim());
  if (address === undefined || name === undefined) return undefined;
  return name === '' ? { address } : { name, address };
}

function displayName(text: string): string | undefined {
  const quoted = text.length > 1 && text.startsWith('"') && text.endsWith('"');
  const name = quoted ? text.slice(1, -1).replace(/\\(.)/gu, '$1') : text;
  const strange = quoted ? /[\p{Cc}\u2028\u2029]/u : /[\p{Cc}\u2028\u2029<>"@,;]/u;
  return name.length > LONGEST_NAME || strange.test(name) ? undefined : name;
}
