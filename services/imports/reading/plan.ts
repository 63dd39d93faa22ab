/**
 * Scans the whole file before anything is saved: header, encoding, ends of records, and the ranges that the file is cut
 * into.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { PerennialError } from '../../../contracts/failures.ts';
import type { Encoding } from '../../../contracts/imports/vocabulary.ts';
import { readRecords, RecordScanner } from './csv.ts';
import { decoderOf } from './encoding.ts';

/** Bytes `[from, to)` of the file that hold whole records, and the line number of the first. */
export interface PlannedRange {
  readonly from: number;
  readonly to: number;
  readonly line: number;
}

/** What is known before the scan. */
export interface PlanOptions {
  /** The encoding that the caller or a byte order mark names; `undefined` when the bytes decide. */
  readonly encoding: Encoding | undefined;
  readonly delimiter: string;
  /** Length of the byte order mark in bytes; it is not part of the first record. */
  readonly mark: number;
  readonly maxRecordBytes: number;
  /** A range ends at the first end of a record after this many bytes. */
  readonly rangeBytes: number;
}

/** The result of the scan. */
export interface FilePlan {
  readonly encoding: Encoding;
  readonly mixedEncoding: boolean;
  readonly header: readonly string[];
  readonly ranges: readonly PlannedRange[];
  readonly lines: number;
}

/**
 * Reads a file once from beginning to end.
 * @param accept - checks the header before the rest is read; may throw
 * @throws PerennialError `EmptyFile`, `ImportTooLarge` for a record above the limit, and what `accept` throws
 */
export async function planFile(
  chunks: AsyncIterable<Buffer>,
  options: PlanOptions,
  accept: (header: readonly string[]) => void,
): Promise<FilePlan> {
  const planner = new Planner(options, accept);
  for await (const chunk of chunks) planner.take(chunk, false);
  planner.take(Buffer.alloc(0), true);
  return planner.finish();
}

class Planner {
  readonly #options: PlanOptions;
  readonly #accept: (header: readonly string[]) => void;
  readonly #texts: EncodingWatch;
  readonly #ranges: PlannedRange[] = [];
  #header: readonly string[] | undefined;
  #pending: Buffer = Buffer.alloc(0);
  /** Byte of the file at which `pending` begins. */
  #at = 0;
  #line = 1;
  #rangeFrom = 0;
  #rangeLine = 1;

  constructor(options: PlanOptions, accept: (header: readonly string[]) => void) {
    this.#options = options;
    this.#accept = accept;
    this.#texts = new EncodingWatch(options.encoding);
  }

  take(chunk: Buffer, last: boolean): void {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const scanner = new RecordScanner(bytes, this.#options.delimiter);
    let start = this.#header === undefined ? Math.min(this.#mark(), bytes.length) : 0;
    while (start < bytes.length) {
      const end = scanner.endOf(start, last);
      this.#checkSize((end < 0 ? bytes.length : end) - start);
      if (end < 0) break;
      this.#record(bytes, start, end);
      start = end;
    }
    this.#texts.look(bytes.subarray(0, start));
    this.#at += start;
    this.#pending = Buffer.from(bytes.subarray(start));
  }

  finish(): FilePlan {
    if (this.#header === undefined)
      throw new PerennialError('EmptyFile', 'Expected a header, got an empty file. Supply the file again.');
    this.#closeRange(this.#at);
    const { encoding, mixedEncoding } = this.#texts.verdict();
    return { encoding, mixedEncoding, header: this.#header, ranges: this.#ranges, lines: this.#line - 1 };
  }

  /** Returns the length of the byte order mark, which only the first record of the file has. */
  #mark(): number {
    return this.#at === 0 ? this.#options.mark : 0;
  }

  #record(bytes: Buffer, start: number, end: number): void {
    const lines = countLines(bytes, start, end);
    if (this.#header === undefined) this.#takeHeader(bytes.subarray(start, end), this.#at + end, this.#line + lines);
    this.#line += lines;
    const at = this.#at + end;
    if (at - this.#rangeFrom >= this.#options.rangeBytes) this.#closeRange(at);
  }

  /** Takes the first record that is not blank as the header. */
  #takeHeader(bytes: Buffer, behind: number, nextLine: number): void {
    const decode = decoderOf(this.#options.encoding ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252'));
    const [record] = readRecords(decode(bytes), this.#options.delimiter);
    this.#rangeFrom = behind;
    this.#rangeLine = nextLine;
    if (record === undefined || record.fields.every((field) => field.trim() === '')) return;
    if (record.malformed)
      throw new PerennialError('ImportColumns', 'line 1: expected each quote to be closed, got an open one');
    this.#accept(record.fields);
    this.#header = record.fields;
  }

  #closeRange(to: number): void {
    if (to > this.#rangeFrom) this.#ranges.push({ from: this.#rangeFrom, to, line: this.#rangeLine });
    this.#rangeFrom = to;
    this.#rangeLine = this.#line;
  }

  #checkSize(bytes: number): void {
    const { maxRecordBytes } = this.#options;
    if (bytes > maxRecordBytes) throw recordTooLarge(this.#line, maxRecordBytes);
  }
}

/** Builds the error for a record above the limit. */
export function recordTooLarge(line: number, maxRecordBytes: number): PerennialError {
  return new PerennialError(
    'ImportTooLarge',
    `line ${line}: expected a record of at most ${maxRecordBytes} bytes (IMPORT_MAX_RECORD_KB), got more. Check for a quote that is not closed.`,
  );
}

function countLines(bytes: Buffer, start: number, end: number): number {
  let lines = bytes[end - 1] === 0x0a ? 0 : 1;
  for (let at = bytes.indexOf(0x0a, start); at >= 0 && at < end; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}

/** Determines whether bytes are UTF-8, a one-byte encoding, or a mixture. */
class EncodingWatch {
  readonly #given: Encoding | undefined;
  #utf8 = 0;
  #other = 0;

  constructor(given: Encoding | undefined) {
    this.#given = given;
  }

  /** Examines whole records. */
  look(bytes: Buffer): void {
    if (isAscii(bytes)) return;
    if (isUtf8(bytes)) {
      this.#utf8 += 1;
      return;
    }
    for (let at = 0; at < bytes.length;) {
      const lineEnd = bytes.indexOf(0x0a, at);
      const end = lineEnd < 0 ? bytes.length : lineEnd + 1;
      this.#line(bytes.subarray(at, end));
      at = end;
    }
  }

  verdict(): { encoding: Encoding; mixedEncoding: boolean } {
    const encoding = this.#given ?? (this.#other > 0 && this.#utf8 === 0 ? 'windows-1252' : 'utf-8');
    return { encoding, mixedEncoding: encoding === 'utf-8' && this.#other > 0 };
  }

  #line(bytes: Buffer): void {
    if (isAscii(bytes)) return;
    if (isUtf8(bytes)) this.#utf8 += 1;
    else this.#other += 1;
  }
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * Returns the delimiter that cuts the first records into the most columns, equally many in each; a comma when none
 * does.
 */
export function guessDelimiter(head: Buffer): string {
  const scores = DELIMITERS.map((delimiter) => ({ delimiter, columns: steadyColumns(head, delimiter) }));
  const best = scores.reduce((a, b) => (b.columns > a.columns ? b : a));
  return best.columns > 1 ? best.delimiter : ',';
}

const LOOKED_AT = 20;

function steadyColumns(head: Buffer, delimiter: string): number {
  const scanner = new RecordScanner(head, delimiter);
  const ends: number[] = [];
  for (let at = scanner.endOf(0, false); at > 0 && ends.length < LOOKED_AT; at = scanner.endOf(at, false))
    ends.push(at);
  const text = head.subarray(0, ends.at(-1) ?? head.length).toString('latin1');
  const counts: number[] = [];
  for (const { fields } of readRecords(text, delimiter)) if (fields.join('').trim() !== '') counts.push(fields.length);
  const first = counts[0] ?? 1;
  const steady = counts.filter((count) => count === first).length;
  // Most records must agree with the header, so that single bad lines do not decide. A header without records decides
  // alone.
  return steady * 2 >= counts.length ? first : first / 1000;
}
