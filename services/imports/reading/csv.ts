/**
 * CSV at two levels with one grammar: bytes, to find where records end, and text, to find their fields. Both must agree
 * to the last byte, because a file is cut into ranges by the first and read by the second. No library offers both, so
 * this file implements them (`docs/decisions/0012-csv-reader.md`).
 *
 * The grammar is RFC 4180 with any one-character delimiter. A field is quoted when a quote is its first character;
 * elsewhere a quote is text. A quoted field whose closing quote is missing, or is not followed by a delimiter or a line
 * end, invalidates only the line that its opening quote is on.
 */

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Finds the ends of records in bytes to which more may be added. */
export class RecordScanner {
  readonly #delimiter: number;
  #bytes: Buffer;
  /** Position of the first quote at or after the place of the last search; -1 when there is none. */
  #quote = -2;

  constructor(bytes: Buffer, delimiter: string) {
    this.#bytes = bytes;
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /**
   * Returns the position after the record that begins at `start` and its line end, or -1 when these bytes do not
   * determine it.
   * @param last - true when no bytes follow, so that their end is the end of the record
   */
  endOf(start: number, last: boolean): number {
    const bytes = this.#bytes;
    let from = start;
    let lineEnd = bytes.indexOf(LINE_FEED, from);
    for (;;) {
      // The search runs only when the line end lies behind, because a line may hold a million quotes.
      if (lineEnd >= 0 && lineEnd < from) lineEnd = bytes.indexOf(LINE_FEED, from);
      const quote = this.#nextQuote(from);
      if (quote < 0 || (lineEnd >= 0 && lineEnd < quote)) return this.#lineEnd(lineEnd, last);
      if (!this.#opens(quote, start)) {
        from = quote + 1;
        continue;
      }
      const behind = this.#behindField(quote, last);
      if (behind === 'unknown') return -1;
      if (behind === 'malformed') return this.#lineEnd(bytes.indexOf(LINE_FEED, quote), last);
      from = behind;
      this.#quote = -2;
    }
  }

  /** Returns the position after the quoted field that begins at a quote, or why there is none. */
  #behindField(quote: number, last: boolean): number | 'malformed' | 'unknown' {
    const closing = closingQuote(this.#bytes, quote + 1);
    if (closing < 0) return last ? 'malformed' : 'unknown';
    const verdict = this.#follows(closing + 1, last);
    return verdict === 'fine' ? closing + 1 : verdict;
  }

  #lineEnd(lineEnd: number, last: boolean): number {
    if (lineEnd >= 0) return lineEnd + 1;
    return last ? this.#bytes.length : -1;
  }

  #nextQuote(from: number): number {
    if (this.#quote === -2 || (this.#quote >= 0 && this.#quote < from)) this.#quote = this.#bytes.indexOf(QUOTE, from);
    return this.#quote;
  }

  #opens(quote: number, start: number): boolean {
    return quote === start || this.#bytes[quote - 1] === this.#delimiter;
  }

  #follows(at: number, last: boolean): 'fine' | 'malformed' | 'unknown' {
    const next = this.#bytes[at];
    if (next === undefined) return last ? 'fine' : 'unknown';
    if (next === this.#delimiter || next === LINE_FEED) return 'fine';
    if (next !== CARRIAGE_RETURN) return 'malformed';
    const afterReturn = this.#bytes[at + 1];
    if (afterReturn === undefined) return last ? 'fine' : 'unknown';
    return afterReturn === LINE_FEED ? 'fine' : 'malformed';
  }
}

/** Returns the position of the quote that closes a field, skipping doubled ones; -1 when there is none. */
function closingQuote(bytes: Buffer, from: number): number {
  for (let quote = bytes.indexOf(QUOTE, from); quote >= 0; quote = bytes.indexOf(QUOTE, quote + 2)) {
    if (bytes[quote + 1] !== QUOTE) return quote;
  }
  return -1;
}

/** One record of a file. */
export interface CsvRecord {
  readonly fields: readonly string[];
  /** Number of line ends in and after the record, by which the line count advances. */
  readonly lines: number;
  /** True when a quoted field is not closed properly. */
  readonly malformed: boolean;
}

/**
 * Yields the records of a text that holds whole records only. A blank line is a record of one empty field; the caller
 * decides what it means.
 */
export function* readRecords(text: string, delimiter: string): Generator<CsvRecord, void, undefined> {
  let nextQuote = text.indexOf('"');
  let start = 0;
  while (start < text.length) {
    const lineFeed = text.indexOf('\n', start);
    const end = lineFeed < 0 ? text.length : lineFeed;
    if (nextQuote >= 0 && nextQuote < start) nextQuote = text.indexOf('"', start);
    if (nextQuote < 0 || nextQuote > end) {
      yield { fields: plainFields(text, start, end, delimiter), lines: 1, malformed: false };
      start = end + 1;
    } else {
      const record = quotedRecord(text, start, delimiter);
      yield record;
      start = record.next;
    }
  }
}

function plainFields(text: string, start: number, end: number, delimiter: string): string[] {
  const stop = end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
  return text.slice(start, stop).split(delimiter);
}

interface ReadRecord extends CsvRecord {
  /** Position of the next record. */
  readonly next: number;
}

function quotedRecord(text: string, start: number, delimiter: string): ReadRecord {
  const fields: string[] = [];
  let at = start;
  let lineEnd = endOfLine(text, at);
  for (;;) {
    // The search runs only when the line end lies behind, because a line may hold a million fields.
    if (lineEnd < at) lineEnd = endOfLine(text, at);
    const field =
      text.charCodeAt(at) === QUOTE ? quotedField(text, at, delimiter) : plainField(text, at, lineEnd, delimiter);
    fields.push(field.value);
    if (field.more) at = field.next;
    else return { fields, lines: countLines(text, start, field.next), malformed: field.malformed, next: field.next };
  }
}

interface Field {
  readonly value: string;
  /** Position of the next field or record. */
  readonly next: number;
  /** True when another field of the same record follows. */
  readonly more: boolean;
  readonly malformed: boolean;
}

function endOfLine(text: string, from: number): number {
  const lineFeed = text.indexOf('\n', from);
  return lineFeed < 0 ? text.length : lineFeed;
}

function plainField(text: string, at: number, end: number, delimiter: string): Field {
  // The search stays within the line: a distant delimiter would be searched for again in each line.
  const line = text.slice(at, end);
  const stop = line.indexOf(delimiter);
  if (stop >= 0) return { value: line.slice(0, stop), next: at + stop + 1, more: true, malformed: false };
  return { value: line.endsWith('\r') ? line.slice(0, -1) : line, next: end + 1, more: false, malformed: false };
}

function quotedField(text: string, at: number, delimiter: string): Field {
  let closing = text.indexOf('"', at + 1);
  while (closing >= 0 && text.charCodeAt(closing + 1) === QUOTE) closing = text.indexOf('"', closing + 2);
  const behind = closing < 0 ? '?' : text.slice(closing + 1, closing + 3);
  if (behind.startsWith(delimiter)) {
    return { value: unquoted(text, at, closing), next: closing + 2, more: true, malformed: false };
  }
  if (behind === '' || behind === '\r' || behind === '\r\n' || behind.startsWith('\n')) {
    const next = Math.min(closing + (behind.startsWith('\r') ? 3 : 2), text.length + 1);
    return { value: unquoted(text, at, closing), next, more: false, malformed: false };
  }
  return spoiltLine(text, at);
}

function spoiltLine(text: string, at: number): Field {
  const end = endOfLine(text, at);
  return { value: text.slice(at, end), next: end + 1, more: false, malformed: true };
}

function unquoted(text: string, opening: number, closing: number): string {
  const value = text.slice(opening + 1, closing);
  return value.includes('"') ? value.replaceAll('""', '"') : value;
}

function countLines(text: string, start: number, next: number): number {
  let lines = next > text.length ? 1 : 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < next; at = text.indexOf('\n', at + 1)) lines += 1;
  return Math.max(lines, 1);
}

/** Formats one line of CSV. */
export function csvCells(fields: readonly string[]): string {
  return `${fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\n`;
}

/** Like {@link csvCells}, for a file that people open: cells that a spreadsheet would run as a formula are escaped. */
export function csvLine(fields: readonly string[]): string {
  return csvCells(fields.map((field) => (/^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(field) ? `'${field}` : field)));
}
