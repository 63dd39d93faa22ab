/** Reads large JSON piece by piece, so that a process with other things to do can do them in between. */
import { readJson, type ReadJson, changedFault, MAY_CHANGE, utf8Fault } from './reading.ts';
import type { FieldFault } from '../field-faults.ts';
import type { IsTurnOver, Turns } from '../turns.ts';
import { BYTES_PER_KB } from '../units.ts';

/** Bytes that are parsed together; it takes less than a millisecond. */
const PIECE_BYTES = 32 * BYTES_PER_KB;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LIST = 0x5b;
const LIST_END = 0x5d;
const OBJECT = 0x7b;
const OBJECT_END = 0x7d;

/** A list or object that has begun and not ended. */
interface Open {
  readonly isList: boolean;
  /** Index of its bracket. */
  readonly start: number;
  /** Its entries up to `from`; `undefined` as long as none was parsed by itself. */
  value: unknown[] | Record<string, unknown> | undefined;
  /** Index of the first byte that was not parsed. */
  from: number;
  /** Index of the first byte behind the last comma, or behind the bracket. */
  entry: number;
  /** Index of the last colon. */
  colon: number;
  /** Whether the byte in front of `from` ends an entry that was parsed by itself. */
  isBehindEntry: boolean;
}

/** Ends the reading of text that is not JSON, or that cannot be carried on as it is. */
class Refused extends Error {
  readonly fault: FieldFault | undefined;

  constructor(fault?: FieldFault) {
    super();
    this.fault = fault;
  }
}

/**
 * As `readJson`, with pauses. The values are the same; text that is not JSON is never quoted.
 *
 * @param pieceBytes - length of a piece, for tests
 */
export function* readJsonInTurns(
  bytes: Uint8Array,
  field: string,
  isTurnOver?: IsTurnOver,
  pieceBytes = PIECE_BYTES,
): Turns<ReadJson> {
  if (bytes.length <= pieceBytes) return readJson(bytes, field);
  const fault = yield* utf8Fault(bytes, field, isTurnOver);
  if (fault !== undefined) return { fault };
  try {
    const pieces = new Pieces(bytes, pieceBytes, field);
    yield* pieces.read(isTurnOver);
    return pieces.isWhole ? readJson(bytes, field) : { value: pieces.end() };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { fault: error.fault ?? { field, expected: 'JSON', got: 'text that is not' } };
  }
}

/**
 * As `JSON.parse`, with pauses, for text that was written by this product.
 *
 * @throws SyntaxError for what is not JSON
 */
export function* parseJsonInTurns(
  bytes: Uint8Array,
  isTurnOver?: IsTurnOver,
  pieceBytes = PIECE_BYTES,
): Turns<unknown> {
  if (bytes.length <= pieceBytes) return parseWhole(bytes);
  const pieces = new Pieces(bytes, pieceBytes);
  try {
    yield* pieces.read(isTurnOver);
    return pieces.isWhole ? parseWhole(bytes) : pieces.end();
  } catch (error) {
    if (error instanceof Refused) throw new SyntaxError('expected JSON, got text that is not');
    throw error;
  }
}

/**
 * Looks for brackets, commas and colons alone. What stands between them is left to `JSON.parse`: as many entries of a list
 * or object together as a piece holds, each piece in brackets of its own. Only lists and objects longer than a piece are
 * put together here.
 */
class Pieces {
  readonly #bytes: Uint8Array;
  /** Name of the whole in paths of faults; without it, nothing is looked for that JavaScript changes. */
  readonly #field: string | undefined;
  readonly #pieceBytes: number;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #open: Open[] = [];
  /** How many of the outermost have a value. */
  #built = 0;
  /** Where the last piece ended. */
  #cutAt = 0;
  #root: unknown;
  #rootEnd = 0;

  constructor(bytes: Uint8Array, pieceBytes: number, field?: string) {
    this.#bytes = bytes;
    this.#field = field;
    this.#pieceBytes = pieceBytes;
  }

  /** Whether nothing was parsed, because the text is one value or has no commas. */
  get isWhole(): boolean {
    return this.#cutAt === 0;
  }

  *read(isTurnOver?: IsTurnOver): Turns {
    let inText = false;
    let lookAt = this.#pieceBytes;
    for (let at = 0; at < this.#bytes.length; at += 1) {
      const byte = this.#bytes[at] ?? 0;
      if (inText) {
        if (byte === BACKSLASH) at += 1;
        else if (byte === QUOTE) inText = false;
      } else if (byte === QUOTE) inText = true;
      else this.#structure(byte, at);
      if (at < lookAt) continue;
      lookAt = at + this.#pieceBytes;
      if (isTurnOver?.() === true) yield;
    }
  }

  /** Returns the value. @throws Refused when the text does not end with it */
  end(): unknown {
    const isOver = this.#open.length === 0 && this.#rootEnd > 0;
    if (!isOver || !isBlank(this.#text(this.#rootEnd, this.#bytes.length))) throw new Refused();
    return this.#root;
  }

  #structure(byte: number, at: number): void {
    const top = this.#open.at(-1);
    if (byte === LIST || byte === OBJECT) this.#begin(byte === LIST, at);
    else if (byte === LIST_END || byte === OBJECT_END) this.#close(byte === LIST_END, at);
    else if (top !== undefined && byte === COLON) top.colon = at;
    else if (top !== undefined && byte === COMMA) {
      if (at - this.#cutAt >= this.#pieceBytes) this.#cut(at);
      top.entry = at + 1;
    }
  }

  #begin(isList: boolean, at: number): void {
    if (this.#open.length === 0 && (this.#rootEnd > 0 || !isBlank(this.#text(0, at).replace(/^\uFEFF/, ''))))
      throw new Refused();
    const from = at + 1;
    this.#open.push({ isList, start: at, value: undefined, from, entry: from, colon: at, isBehindEntry: false });
  }

  /** Parses all entries that have ended; `at` is the index of a comma of the innermost list or object. */
  #cut(at: number): void {
    for (let depth = Math.max(0, this.#built - 1); depth < this.#open.length; depth += 1) {
      const open = this.#open[depth];
      if (open === undefined) continue;
      open.value ??= open.isList ? [] : {};
      const comma = depth === this.#open.length - 1 ? at : open.entry - 1;
      if (comma < open.from) continue; // nothing in front of the entry that is open
      this.#take(open, comma, depth);
      open.from = comma + 1;
      open.isBehindEntry = false;
    }
    this.#built = this.#open.length;
    this.#cutAt = at;
  }

  #close(isList: boolean, at: number): void {
    const depth = this.#open.length - 1;
    const open = this.#open[depth];
    if (open === undefined) throw new Refused();
    if (depth === 0) this.#rootEnd = at + 1;
    if (open.value !== undefined) this.#take(open, at, depth);
    this.#open.pop();
    if (open.value === undefined) return; // it is a part of a piece
    if (open.isList !== isList) throw new Refused();
    this.#built = depth;
    this.#cutAt = at;
    const around = this.#open.at(-1);
    if (around === undefined) this.#root = open.value;
    else this.#add(around, open, at + 1);
  }

  /** Parses the entries up to an index, and adds them. */
  #take(open: Open, to: number, depth: number): void {
    let text = this.#text(open.from, to);
    if (open.isBehindEntry) {
      text = withoutBlank(text);
      if (text === '') return;
      if (!text.startsWith(',')) throw new Refused();
      text = text.slice(1);
    }
    const piece = parsed(open.isList ? `[${text}]` : `{${text}}`);
    const entries = Object.entries(piece);
    if (entries.length === 0) throw new Refused(); // a comma too many
    if (this.#mayChange(text)) this.#requireSame(open, entries, depth);
    for (const [key, value] of entries) put(open, key, value);
  }

  #mayChange(text: string): boolean {
    return this.#field !== undefined && MAY_CHANGE.test(text);
  }

  #requireSame(open: Open, entries: readonly (readonly [string, unknown])[], depth: number): void {
    const path = this.#pathOf(depth);
    for (const [at, [key, value]] of entries.entries()) {
      const fault = Array.isArray(open.value)
        ? changedFault(value, `${path}[${String(open.value.length + at)}]`)
        : changedFault({ [key]: value }, path);
      if (fault !== undefined) throw new Refused(fault);
    }
  }

  /** Adds a list or object that has ended to the one around it. */
  #add(around: Open, { start, value }: Open, end: number): void {
    // A comma stands between two entries.
    if (around.isBehindEntry) throw new Refused();
    const key = this.#keyOf(around, start);
    const fault = this.#mayChange(key) ? changedFault({ [key]: 0 }, this.#pathOf(this.#open.length - 1)) : undefined;
    if (fault !== undefined) throw new Refused(fault);
    put(around, key, value);
    around.from = end;
    around.isBehindEntry = true;
  }

  /** Returns the name of the entry that begins with a bracket; that of an entry of a list is of no account. */
  #keyOf({ isList, entry, colon }: Open, start: number): string {
    if (!isBlank(this.#text(isList ? entry : colon + 1, start))) throw new Refused();
    if (isList) return '';
    const [key, ...more] = parsed(`[${this.#text(entry, colon)}]`) as unknown[];
    if (typeof key !== 'string' || more.length > 0) throw new Refused();
    return key;
  }

  #pathOf(depth: number): string {
    let path = this.#field ?? '';
    for (let at = 0; at < depth; at += 1) {
      const [open, inner] = [this.#open[at], this.#open[at + 1]];
      if (open === undefined || inner === undefined) break;
      path += Array.isArray(open.value) ? `[${String(open.value.length)}]` : `.${this.#keyOf(open, inner.start)}`;
    }
    return path;
  }

  #text(from: number, to: number): string {
    return this.#decoder.decode(this.#bytes.subarray(from, to));
  }
}

function parseWhole(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

function parsed(text: string): object {
  try {
    return JSON.parse(text) as object; // text in brackets
  } catch {
    throw new Refused();
  }
}

/** As `JSON.parse` does it: a name that stands twice has the last value, and no name has a meaning of its own. */
function put({ value: target }: Open, key: string, value: unknown): void {
  if (Array.isArray(target)) target.push(value);
  else if (target !== undefined && key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, configurable: true, enumerable: true, writable: true });
}

function withoutBlank(text: string): string {
  return text.replace(/^[ \t\n\r]+/, '');
}

function isBlank(text: string): boolean {
  return withoutBlank(text) === '';
}
