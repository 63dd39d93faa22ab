/** Tells the content of one job from that of another without holding any of it. */
import { createHash, type Hash } from 'node:crypto';
import { holdsSealed } from '../../payloads/sealing.ts';
import type { Rpc } from './rpc.ts';

/** Key of the memo that a run keeps its fingerprint under. */
export const FINGERPRINT_MEMO = 'fingerprint';

/** Stands for a content. */
export interface Fingerprint {
  /** 32 hexadecimal digits. */
  readonly text: string;
  /** What the same content may have been given before the keys were rotated. */
  readonly former: readonly string[];
}

/**
 * The fingerprint of a content, from its SHA-256. Contents that are equal as
 * JSON have the same one, whatever the order of their keys; a blob counts by
 * its bytes, not by the place where it is stored. Everybody who sees the job
 * sees it, so that of a content with sealed values is made with the key: an
 * address could be guessed from its hash.
 */
export function fingerprintOf({ sealKeys }: Pick<Rpc, 'sealKeys'>, content: unknown): Fingerprint {
  const hash = createHash('sha256');
  write(content, hash);
  const digest = hash.digest('hex');
  // Without keys such a content is refused when it is sent.
  if (sealKeys === undefined || !holdsSealed(content)) return { text: digest.slice(0, 32), former: [] };
  const [text, ...former] = sealKeys.namesOf(digest);
  return { text, former };
}

/** Says whether the text that a run keeps stands for the same content. */
export function isSame({ text, former }: Fingerprint, first: string | undefined): boolean {
  return first !== undefined && (first === text || former.includes(first));
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
