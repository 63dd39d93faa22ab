/** Finds words that name a person, give a secret or let one be guessed, in text of any field. */

/** Stands in a readable text for a word that may not be read. */
const HIDDEN = '[sealed]';

/** An e-mail address within a word. The host has a dot, which regions of queues have not; paths to packages are none. */
const ADDRESS = /[^@/]@[^@./]+\.[^@]/;

/** A secret behind its name, as in the query of a URL. */
const ASSIGNED = /(?:token|passw(?:or)?d|secret|api[-_]?key|authorization)["']?=./i;

/**
 * A checksum in hexadecimal, of 64 digits as SHA-256 has or more. Whoever reads that of a short content finds the content
 * by trying: the only address of a mailing, a code of six digits. The key of a blob ends with it.
 */
const CHECKSUM = /[0-9a-f]{64}/i;

/** Text without a match holds neither an address nor a URL with credentials, and no checksum. */
export const MAY_BE_PRIVATE = /[@?=]|[0-9a-f]{64}/i;

/** Says whether a text may name a person, give a secret or let one be guessed. */
export function holdsPrivate(text: string): boolean {
  return MAY_BE_PRIVATE.test(text) && (text.match(/\S+/g) ?? []).some(isPrivate);
}

/** The text with each word hidden that may not be read. */
export function withoutPrivate(text: string): string {
  return text.replaceAll(/\S+/g, (word) => (isPrivate(word) ? HIDDEN : word));
}

function isPrivate(word: string): boolean {
  if (ADDRESS.test(word) || ASSIGNED.test(word) || CHECKSUM.test(word)) return true;
  const scheme = word.indexOf('://');
  if (scheme === -1) return false;
  const [authority = ''] = word.slice(scheme + 3).split('/', 1);
  // A user with a password in front of the host, or a query: signatures and tokens of all sorts stand there.
  return authority.includes('@') || word.includes('?', scheme);
}
