/** Tells the content of one job from that of another without holding any of it. */
import { createHash } from 'node:crypto';
import { atOnce, type IsTurnOver, type Turns } from '../../contracts/values/turns.ts';
import { needsSeal } from '../../contracts/sealing.ts';
import { isMarked } from '../../contracts/values/sealed.ts';
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
export function fingerprintOf(rpc: Pick<Rpc, 'sealKeys'>, content: unknown): Fingerprint {
  return atOnce(fingerprintInTurns(rpc, content));
}

/**
 * As {@link fingerprintOf}, with pauses.
 *
 * @example
 * ```ts
 * import { fingerprintInTurns, inTurns } from './client/index.ts';
 *
 * const content = { paths: ['/srv/scans'] };
 * const { text } = await inTurns((isOver) => fingerprintInTurns({ sealKeys: undefined }, content, isOver));
 * console.log(text);
 * ```
 */
export function* fingerprintInTurns(
  { sealKeys }: Pick<Rpc, 'sealKeys'>,
  content: unknown,
  isTurnOver?: IsTurnOver,
): Turns<Fingerprint> {
  const digest = new Digest(isTurnOver);
  yield* digest.add(content, '');
  const { hex, sealed } = digest.end();
  // Without keys such a content is refused when it is sent.
  if (sealKeys === undefined || !sealed) return { text: hex.slice(0, 32), former: [] };
  const [text, ...former] = sealKeys.namesOf(hex);
  return { text, former };
}

/** Says whether the text that a run keeps stands for the same content. */
export function isSame({ text, former }: Fingerprint, first: string | undefined): boolean {
  return first !== undefined && (first === text || former.includes(first));
}

/** Characters that are hashed together, because each call of the hash costs as much as a thousand of them. */
const HASHED_CHARACTERS = 16_384;

/** Hashes a content, and notes whether anything in it is sealed on its way to the server. */
class Digest {
  readonly #hash = createHash('sha256');
  readonly #isTurnOver: IsTurnOver | undefined;
  #text = '';
  #sealed = false;

  constructor(isTurnOver: IsTurnOver | undefined) {
    this.#isTurnOver = isTurnOver;
  }

  /** @param field - name of the nearest field around the value */
  *add(value: unknown, field: string): Turns {
    if (value instanceof Date) this.#addPlain(value.toISOString(), field);
    else if (typeof value !== 'object' || value === null) this.#addPlain(value, field);
    else {
      if (this.#isTurnOver?.() === true) yield;
      if (Array.isArray(value)) yield* this.#addList(value, field);
      else yield* this.#addFields(value);
    }
  }

  end(): { readonly hex: string; readonly sealed: boolean } {
    return { hex: this.#hash.update(this.#text).digest('hex'), sealed: this.#sealed };
  }

  *#addList(values: readonly unknown[], field: string): Turns {
    this.#write('[');
    for (const value of values) {
      yield* this.add(value, field);
      this.#write(',');
    }
    this.#write(']');
  }

  *#addFields(value: object): Turns {
    this.#sealed ||= isMarked(value);
    this.#write('{');
    for (const [key, item] of Object.entries(withoutPlace(value)).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (item === undefined) continue;
      this.#sealed ||= needsSeal(key, '');
      this.#write(`${JSON.stringify(key)}:`);
      yield* this.add(item, key);
      this.#write(',');
    }
    this.#write('}');
  }

  #addPlain(value: unknown, field: string): void {
    if (typeof value === 'string' || typeof value === 'number') this.#sealed ||= needsSeal(value, field);
    this.#write(value === undefined ? 'null' : JSON.stringify(value));
  }

  #write(text: string): void {
    this.#text += text;
    if (this.#text.length < HASHED_CHARACTERS) return;
    this.#hash.update(this.#text);
    this.#text = '';
  }
}

/** Of a reference to a blob, what says which bytes they are. */
function withoutPlace(value: object): object {
  if (!('store' in value && 'key' in value && 'size' in value && 'sha256' in value)) return value;
  return { size: value.size, sha256: value.sha256 };
}
