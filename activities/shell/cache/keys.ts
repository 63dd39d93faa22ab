/** Names of entries in a store: whose they are, what they are, and their key. */
import { createHash } from 'node:crypto';

/** What an entry is. */
const PARTS = { cached: 'c', plain: 'e', loading: 'l', tag: 't' } as const;

/** Where entries of a tenant stand. Those of callers without a tenant stand apart too. */
export function prefixOf(tenant: string | undefined, part: keyof typeof PARTS): string {
  return `perennial:${tenant === undefined ? '' : encodeURIComponent(tenant)}:${PARTS[part]}:`;
}

/** Texts that stand as they are; any other is a digest, so that no key is too long or unprintable. */
const PLAIN = /^[^\p{Cc}\p{Cs}=#][^\p{Cc}\p{Cs}]{0,199}$/u;

/** Writes a key as text: equal keys alike, whatever the order of their fields, and others otherwise. */
export function keyText(key: unknown): string {
  if (typeof key === 'string' && PLAIN.test(key)) return key;
  const json = canonicalJson(key);
  const text = `=${json}`;
  if (typeof key !== 'string' && text.length <= 200 && PLAIN.test(json)) return text;
  return `#${createHash('sha256').update(json).digest('base64url')}`;
}

function canonicalJson(value: unknown): string {
  // Nothing is written for what JSON leaves out, such as `undefined`, whatever the type says.
  const json = JSON.stringify(value, sorted) as string | undefined;
  return json ?? 'nothing';
}

/** Writes the fields of an object in the order of their names. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
