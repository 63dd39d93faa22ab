/** Bounds of JSON text, checked in one pass over its bytes, before anything is built from it. */
import { BYTES_PER_MB } from '../units.ts';
import type { FieldFault } from '../field-faults.ts';

/** How large a JSON text may be, and so how long it takes to parse. */
export interface JsonBounds {
  /** Bytes of the text. */
  readonly bytes: number;
  /** Lists and objects inside each other. */
  readonly depth: number;
  /** Values altogether: texts, numbers, lists, objects and so on. */
  readonly values: number;
  /** Fields of all objects; the time that different names take is several times that of values. */
  readonly fields: number;
}

/**
 * Bounds of most inputs: the longest lists have 100,000 entries. Parsing and checking so many values takes less
 * than the 100 ms that an event loop may stand still.
 */
export const INPUT_BOUNDS: JsonBounds = { bytes: 10 * BYTES_PER_MB, depth: 200, values: 120_000, fields: 40_000 };

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPENERS: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSERS: ReadonlySet<number> = new Set([0x5d, 0x7d]);
const SPACE = 0x20;

/** Checks JSON text in UTF-8 that comes in pieces. It finds out how large the text is, not whether it is JSON. */
export class JsonScan {
  readonly #bounds: JsonBounds;
  #bytes = 0;
  #depth = 0;
  #values = 1;
  #fields = 0;
  #inText = false;
  /** Whether the next byte belongs to an escape that began in the piece before. */
  #escaped = false;
  /** The last byte outside of texts that is no white space. */
  #last = 0;

  constructor(bounds: JsonBounds) {
    this.#bounds = bounds;
  }

  /** Takes the next piece; returns a fault as soon as a bound is passed, and then takes no further pieces. */
  write(piece: Uint8Array): Omit<FieldFault, 'field'> | undefined {
    this.#bytes += piece.length;
    const { bytes, depth, values, fields } = this.#bounds;
    if (this.#bytes > bytes) return tooMuch(`${String(bytes / BYTES_PER_MB)} MB`);
    for (let at = 0; at < piece.length; at += 1) {
      if (this.#inText) at = this.#endOfText(piece, at);
      else this.#structure(piece[at] ?? 0);
      if (this.#depth > depth) return tooMuch(`${String(depth)} lists and objects inside each other`);
      if (this.#values > values) return tooMuch(`${String(values)} values altogether`);
      if (this.#fields > fields) return tooMuch(`${String(fields)} fields altogether`);
    }
    return undefined;
  }

  /** Returns the index of the quote that ends the text, or the last index when the text goes on. */
  #endOfText(piece: Uint8Array, from: number): number {
    let at = from;
    if (this.#escaped) at += 1;
    this.#escaped = false;
    for (; at < piece.length; at += 1) {
      const byte = piece[at];
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) {
        this.#inText = false;
        return at;
      }
    }
    // The loop ends one further when the last byte is a backslash.
    this.#escaped = at > piece.length;
    return piece.length - 1;
  }

  #structure(byte: number): void {
    if (byte <= SPACE) return;
    if (byte === QUOTE) this.#inText = true;
    else if (byte === COMMA) this.#values += 1;
    else if (byte === COLON) this.#fields += 1;
    else if (OPENERS.has(byte)) this.#open();
    else if (CLOSERS.has(byte)) this.#close();
    this.#last = byte;
  }

  #open(): void {
    this.#depth += 1;
    this.#values += 1;
  }

  /** An empty list or object has no entry, which its opening was counted for. */
  #close(): void {
    this.#depth -= 1;
    if (OPENERS.has(this.#last)) this.#values -= 1;
  }
}

function tooMuch(most: string): Omit<FieldFault, 'field'> {
  return { expected: `at most ${most}`, got: 'more' };
}

/** Checks a whole text; {@link JsonScan} checks one in pieces. */
export function jsonFault(text: Uint8Array, bounds: JsonBounds): Omit<FieldFault, 'field'> | undefined {
  return new JsonScan(bounds).write(text);
}
