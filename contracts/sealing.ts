/** What is sealed on the way to the server: derived from the lists of the domains. */
import type { DomainContract } from './domain.ts';
import * as domains from './domains.ts';
import { holdsPrivate, MAY_BE_PRIVATE } from './values/private-text.ts';
import { mayHoldSealed, readSealed, SEALED_FIELD } from './values/sealed.ts';

/** A field holds a secret when its name ends with one of these, whatever task takes it: `resetToken`, `smtp_password`. */
const SECRETS = [
  'token',
  'password',
  'passphrase',
  'secret',
  'apiKey',
  'secretKey',
  'accessKey',
  'privateKey',
  'authorization',
  'credentials',
  'cookie',
].map(plain);

const contracts: readonly DomainContract[] = Object.values(domains);
const sealed = new Set(contracts.flatMap((domain) => domain.sealed ?? []).map(plain));

/** Names of sealed fields in their plain spelling, for workers in other languages. */
export const sealedNames = {
  /** What the name of a secret ends with. */
  endings: SECRETS,
  /** Whole names. */
  names: [...sealed].sort(),
} as const;

/** Case, hyphens and underscores make no difference: `reset_token` is `resetToken`. */
function plain(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase();
}

/** Names of sealed fields as they stand in JSON text, in any spelling. */
const NAMES = new RegExp(
  [...SECRETS, ...sealed].map((name) => `${name.replaceAll(/.(?=.)/g, '$&[-_]?')}[-_]?"\\s{0,8}:`).join('|'),
  'i',
);

/** The name of a marked value as it stands in JSON text. */
const MARK = JSON.stringify(SEALED_FIELD);

/**
 * Says whether JSON text may hold something to seal. Most texts do not, and need not be parsed.
 */
export function mayNeedSeal(json: string): boolean {
  return MAY_BE_PRIVATE.test(json) || mayHoldSealed(json) || json.includes(MARK) || NAMES.test(json);
}

/** Says whether the field of a name holds a secret, or what a domain wants sealed. */
function isSealedField(field: string): boolean {
  const name = plain(field);
  return field === SEALED_FIELD || sealed.has(name) || SECRETS.some((secret) => name.endsWith(secret));
}

/** What a value of a field is sealed for, and opened for alone: the name of the field, or `@` where its text decides. */
export function sealedFor(field: string): string {
  return isSealedField(field) ? plain(field) : '@';
}

/**
 * Says whether a value is sealed: a marked value; text and numbers of a sealed field; in any field, text with an e-mail
 * address, with a URL that has credentials or a query, or with a checksum, as references to blobs have; and text that
 * looks like a sealed value: opened, it would tell what others have sealed.
 *
 * @param value - a text, a number, or what is marked
 * @param field - name of the nearest field around the value; empty when there is none
 */
export function needsSeal(value: unknown, field: string): boolean {
  if (isSealedField(field)) return true;
  return typeof value === 'string' && (readSealed(value) !== undefined || holdsPrivate(value));
}
