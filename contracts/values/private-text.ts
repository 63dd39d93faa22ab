/** Finds words that name a person, give a secret or let one be guessed, in text of any field. */

/** Stands in a readable text for a word that may not be read. */
const HIDDEN = '[sealed]';

/** An e-mail address within a word. The host has a dot, which regions of queues have not; paths to packages are none. */
const ADDRESS = /[^@/\s]@[^@./\s]+\.[^@\s]/;

/** A secret behind its name, as in the query of a URL. */
const ASSIGNED = /(?:token|passw(?:or)?d|secret|api[-_]?key|authorization)["']?=\S/i;

/**
 * A checksum in hexadecimal, of 64 digits as SHA-256 has or more. Whoever reads that of a short content finds the content
 * by trying: the only address of a mailing, a code of six digits. The key of a blob ends with it.
 */
const CHECKSUM = /[0-9a-f]{64}/i;

/** Text without a match holds neither an address nor a URL with credentials, and no checksum. */
export const MAY_BE_PRIVATE = /[@?=]|[0-9a-f]{64}/i;

/** Says whether a text may name a person, give a secret or let one be guessed. No pattern goes beyond a word. */
export function holdsPrivate(text: string): boolean {
  if (!MAY_BE_PRIVATE.test(text)) return false;
  return ADDRESS.test(text) || ASSIGNED.test(text) || CHECKSUM.test(text) || holdsPrivateUrl(text);
}

/** The text with each word hidden that may not be read. */
export function withoutPrivate(text: string): string {
  return text.replaceAll(/\S+/g, (word) => (holdsPrivate(word) ? HIDDEN : word));
}

/** Says whether a URL has a user in front of its host, or a query: signatures and tokens of all sorts stand there. */
function holdsPrivateUrl(text: string): boolean {
  for (let scheme = text.indexOf('://'); scheme !== -1;) {
    const length = text.slice(scheme).search(/\s/);
    const end = length === -1 ? text.length : scheme + length;
    const url = text.slice(scheme + 3, end);
    const [authority = ''] = url.split('/', 1);
    if (authority.includes('@') || url.includes('?')) return true;
    scheme = text.indexOf('://', end);
  }
  return false;
}
