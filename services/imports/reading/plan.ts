/**
 * Scans the whole file before anything is saved: header, encoding, ends of records, and the ranges that the file is cut
 * into.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { PerennialError } from '../../../contracts/failures.ts';
import type { Encoding } from '../../../contracts/imports/encodings.ts';
import { readRecords, RecordScanner } from './csv.ts';
import type { Detection } from './detection.ts';
import { decoderOf } from './encoding.ts';
import { columns } from './header.ts';
import { LineEncodings } from './line-encodings.ts';

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
  /** Number of lines before the header that are not read. */
  readonly skipLines: number;
  /** Line that must be the header; when `undefined`, the first line that is not blank. */
  readonly headerRow: number | undefined;
  readonly maxRecordBytes: number;
  /** A range ends at the first end of a record after this many bytes. */
  readonly rangeBytes: number;
}

/** Checks a header at a line and returns the names that its columns are to have. */
export type HeaderCheck = (header: readonly string[], line: number) => readonly string[];

/** The result of the scan. */
export interface FilePlan {
  readonly encoding: Encoding;
  readonly mixedEncoding: boolean;
  /** What the lines tell about the encoding; `undefined` when it was given or is UTF-8. */
  readonly detection: Detection | undefined;
  readonly header: readonly string[];
  readonly ranges: readonly PlannedRange[];
  readonly lines: number;
}

/**
 * Reads a file once from beginning to end.
 * @param accept - checks the header and returns its final names before the rest is read; may throw
 * @throws PerennialError `EmptyFile`, `ImportTooLarge` for a record above the limit, and what `accept` throws
 */
export async function planFile(
  chunks: AsyncIterable<Buffer>,
  options: PlanOptions,
  accept: HeaderCheck,
): Promise<FilePlan> {
  const planner = new Planner(options, accept);
  for await (const chunk of chunks) planner.take(chunk, false);
  planner.take(Buffer.alloc(0), true);
  return planner.finish();
}

class Planner {
  readonly #options: PlanOptions;
  readonly #accept: HeaderCheck;
  readonly #texts: EncodingWatch;
  readonly #ranges: PlannedRange[] = [];
  #header: readonly string[] | undefined;
  #headerAt = { bytes: Buffer.alloc(0), line: 1 };
  #pending: Buffer = Buffer.alloc(0);
  /** Byte of the file at which `pending` begins. */
  #at = 0;
  #line = 1;
  #rangeFrom = 0;
  #rangeLine = 1;

  constructor(options: PlanOptions, accept: HeaderCheck) {
    this.#options = options;
    this.#accept = accept;
    this.#texts = new EncodingWatch(options.encoding);
  }

  take(chunk: Buffer, last: boolean): void {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const scanner = new RecordScanner(bytes, this.#options.delimiter);
    let start = this.#header === undefined ? Math.min(this.#mark(), bytes.length) : 0;
    while (start < bytes.length) {
      const end = this.#line <= this.#options.skipLines ? lineEndOf(bytes, start, last) : scanner.endOf(start, last);
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
    const verdict = this.#texts.verdict();
    this.#checkHeader(verdict.encoding);
    return { ...verdict, header: this.#header, ranges: this.#ranges, lines: this.#line - 1 };
  }

  /** Refuses a header that was read in another encoding than the lines: its names would be wrong ones. */
  #checkHeader(encoding: Encoding): void {
    const { bytes, line } = this.#headerAt;
    if (isAscii(bytes) || this.#options.encoding === 'windows-1252' || isUtf8(bytes) === (encoding === 'utf-8')) return;
    const [record] = readRecords(decoderOf('utf-8')(bytes), this.#options.delimiter);
    const broken = record?.fields.findIndex((field) => field.includes('\ufffd')) ?? -1;
    const at = broken < 0 ? `line ${line}` : `line ${line}, column ${broken + 1}`;
    throw new PerennialError(
      'ImportUnreadable',
      `${at}: expected the header in ${encoding} as the other lines, got other bytes. Mend the header, or name the encoding of the file (--encoding NAME).`,
    );
  }

  /** Returns the length of the byte order mark, which only the first record of the file has. */
  #mark(): number {
    return this.#at === 0 ? this.#options.mark : 0;
  }

  #record(bytes: Buffer, start: number, end: number): void {
    const lines = countLines(bytes, start, end);
    if (this.#line <= this.#options.skipLines) this.#startAt(this.#at + end, this.#line + lines);
    else if (this.#header === undefined)
      this.#takeHeader(bytes.subarray(start, end), this.#at + end, this.#line + lines);
    this.#line += lines;
    const at = this.#at + end;
    if (at - this.#rangeFrom >= this.#options.rangeBytes) this.#closeRange(at);
  }

  /** Takes the first record that is not blank as the header. */
  #takeHeader(bytes: Buffer, behind: number, nextLine: number): void {
    const decode = decoderOf(this.#options.encoding ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252'));
    const [record] = readRecords(decode(bytes), this.#options.delimiter);
    this.#startAt(behind, nextLine);
    if (record === undefined || record.fields.every((field) => field.trim() === '')) return;
    const { headerRow } = this.#options;
    if (headerRow !== undefined && headerRow !== this.#line)
      throw columns(headerRow, 'expected names of columns (headerRow), got an empty line');
    if (record.malformed) throw columns(this.#line, 'expected each quote to be closed, got an open one');
    this.#headerAt = { bytes: Buffer.from(bytes), line: this.#line };
    this.#header = this.#accept(record.fields, this.#line);
  }

  /** Begins the first range, when what comes before is no record. */
  #startAt(from: number, line: number): void {
    this.#rangeFrom = from;
    this.#rangeLine = line;
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

/** Returns the position after a line that is skipped, in which quotes mean nothing; -1 when its end is not known. */
function lineEndOf(bytes: Buffer, start: number, last: boolean): number {
  const found = bytes.indexOf(0x0a, start);
  if (found < 0) return last ? bytes.length : -1;
  return found + 1;
}

function countLines(bytes: Buffer, start: number, end: number): number {
  let lines = bytes[end - 1] === 0x0a ? 0 : 1;
  for (let at = bytes.indexOf(0x0a, start); at >= 0 && at < end; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}

/** Determines whether bytes are UTF-8, another encoding that includes ASCII, or a mixture. */
class EncodingWatch {
  readonly #given: Encoding | undefined;
  readonly #lines = new LineEncodings();

  constructor(given: Encoding | undefined) {
    this.#given = given;
  }

  /** Examines whole records. */
  look(bytes: Buffer): void {
    // Of a text in a given encoding, only lines that are no UTF-8 matter, and only in UTF-8.
    if (this.#given === undefined || this.#given === 'utf-8') this.#lines.look(bytes);
  }

  verdict(): Pick<FilePlan, 'encoding' | 'mixedEncoding' | 'detection'> {
    const detection = this.#given === undefined ? this.#lines.verdict() : undefined;
    const encoding = this.#given ?? (detection === undefined ? 'utf-8' : 'windows-1252');
    return { encoding, mixedEncoding: encoding === 'utf-8' && this.#lines.hasInvalid, detection };
  }
}
