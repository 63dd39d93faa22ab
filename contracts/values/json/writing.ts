/** Writes large JSON in turns, so that a process with other things to do can do them in between. */
import { isMarked, SEALED_FIELD } from '../sealed.ts';
import type { IsTurnOver, Turns } from '../turns.ts';

/** Returns the replacement of a text, a number or a marked value; `field` is the nearest name around it. */
export type Change = (value: unknown, field: string) => unknown;

/** Characters that are encoded together, because each call of the encoder costs as much as a thousand of them. */
const ENCODED_CHARACTERS = 32_768;

/**
 * Writes a value as `JSON.stringify` does, in UTF-8.
 *
 * @param change - is applied to every text, number, name of a field and marked value on the way
 * @throws TypeError for what is no JSON, as `JSON.stringify`
 */
export function* writeJsonInTurns(value: unknown, isTurnOver?: IsTurnOver, change?: Change): Turns<Uint8Array> {
  const writer = new Writer(isTurnOver, change);
  yield* writer.add(value, '');
  if (isTurnOver?.() === true) yield; // joining megabytes takes a turn
  return writer.end();
}

class Writer {
  readonly #encoder = new TextEncoder();
  readonly #isTurnOver: IsTurnOver | undefined;
  readonly #change: Change | undefined;
  readonly #pieces: Uint8Array[] = [];
  #text = '';

  constructor(isTurnOver: IsTurnOver | undefined, change: Change | undefined) {
    this.#isTurnOver = isTurnOver;
    this.#change = change;
  }

  *add(given: unknown, field: string): Turns {
    const value = plainOf(given);
    if (typeof value !== 'object' || value === null) {
      this.#write(JSON.stringify(this.#changed(value, field)));
      return;
    }
    if (this.#isTurnOver?.() === true) yield;
    if (Array.isArray(value)) yield* this.#addList(value, field);
    else if (this.#change !== undefined && isMarked(value))
      this.#write(JSON.stringify({ [SEALED_FIELD]: this.#change(value[SEALED_FIELD], SEALED_FIELD) }));
    else yield* this.#addFields(value);
  }

  end(): Uint8Array {
    this.#encode();
    const bytes = new Uint8Array(this.#pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  *#addList(values: readonly unknown[], field: string): Turns {
    this.#write('[');
    for (const [at, value] of values.entries()) {
      if (at > 0) this.#write(',');
      if (isWritten(value)) yield* this.add(value, field);
      else this.#write('null');
    }
    this.#write(']');
  }

  *#addFields(value: object): Turns {
    this.#write('{');
    let isFirst = true;
    for (const [key, item] of Object.entries(value)) {
      if (!isWritten(item)) continue;
      const name = this.#change === undefined ? key : String(this.#change(key, ''));
      this.#write(`${isFirst ? '' : ','}${JSON.stringify(name)}:`);
      isFirst = false;
      yield* this.add(item, key);
    }
    this.#write('}');
  }

  #changed(value: unknown, field: string): unknown {
    const mayChange = typeof value === 'string' || typeof value === 'number';
    return mayChange && this.#change !== undefined ? this.#change(value, field) : value;
  }

  #write(text: string): void {
    this.#text += text;
    if (this.#text.length >= ENCODED_CHARACTERS) this.#encode();
  }

  #encode(): void {
    this.#pieces.push(this.#encoder.encode(this.#text));
    this.#text = '';
  }
}

/** What `JSON.stringify` takes in place of a value, such as the text of a date. */
function plainOf(value: unknown): unknown {
  const isOwn = typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function';
  return isOwn ? JSON.parse(JSON.stringify(value)) : value;
}

function isWritten(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}
