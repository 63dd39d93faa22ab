/** Tells the content of one job from that of another without holding any of it. */
import { createHash, type Hash } from 'node:crypto';

/** Key of the memo that a run keeps its fingerprint under. */
export const FINGERPRINT_MEMO = 'fingerprint';

/**
 * The fingerprint of a content: 32 hexadecimal digits of its SHA-256. Contents
 * that are equal as JSON have the same one, whatever the order of their keys; a
 * blob counts by its bytes, not by the place where it is stored.
 */
export function fingerprintOf(content: unknown): string {
  const hash = createHash('sha256');
  write(content, hash);
  return hash.digest('hex').slice(0, 32);
}

function write(value: unknown, hash: Hash): void {
  if (Array.isArray(value)) {
    hash.update('[');
    for (const entry of value) {
      write(entry, hash);
      hash.update(',');
    }
    hash.update(']');
  } else if (typeof value === 'object' && value !== null) writeObject(value, hash);
  else hash.update(value === undefined ? 'null' : JSON.stringify(value));
}

function writeObject(value: object, hash: Hash): void {
  if (value instanceof Date) {
    write(value.toISOString(), hash);
    return;
  }
  hash.update('{');
  for (const [key, entry] of Object.entries(withoutPlace(value)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (entry === undefined) continue;
    hash.update(`${JSON.stringify(key)}:`);
    write(entry, hash);
    hash.update(',');
  }
  hash.update('}');
}

/** Of a reference to a blob, what says which bytes they are. */
function withoutPlace(value: object): object {
  if (!('store' in value && 'key' in value && 'size' in value && 'sha256' in value)) return value;
  return { size: value.size, sha256: value.sha256 };
}
