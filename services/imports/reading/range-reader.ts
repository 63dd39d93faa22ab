/**
 * Turns the bytes of one range into batches of validated rows, ready for COPY. It is pure and synchronous and runs in a
 * separate thread, so that the worker's heartbeat continues however long a batch takes.
 */
import { isUtf8 } from 'node:buffer';
import type { ImportLayout } from '../../../contracts/imports/schema.ts';
import type { Encoding } from '../../../contracts/imports/encodings.ts';
import type { ImportSchema } from '../../../contracts/imports/vocabulary.ts';
import { ByteRoom } from './byte-room.ts';
import { copyRow } from '../storing/copy-text.ts';
import { type CsvRecord, readRecords, RecordScanner } from './csv.ts';
import { decoderOf } from './encoding.ts';
import { type RecordFault, redact, type Validate, validatorOf, type ValueFormats } from './fields.ts';
import { mapColumns, type ColumnMap } from './header.ts';
import { faultOfCell, withLineBreaks } from './xlsx/marks.ts';
import { toRow } from '../storing/targets.ts';

/** Settings for reading one range. */
export interface RangeJob {
  readonly schema: ImportSchema;
  readonly layout: Pick<ImportLayout, 'format' | 'mixedEncoding' | 'delimiter' | 'header'> & {
    /** One that ranges read. */
    readonly encoding: Encoding;
  };
  readonly runId: string;
  /** Column of an open schema that identifies a row. */
  readonly key: string | undefined;
  /** How the file writes dates and decimals. */
  readonly formats: ValueFormats;
  /** Byte of the file at which the first record begins. */
  readonly from: number;
  readonly line: number;
  /** Most records in one batch. */
  readonly batchRecords: number;
}

/** Rows and rejects of some records, and the position of the next records. */
export interface Batch {
  /** Byte of the file after its last record. */
  readonly to: number;
  /** Line of the record that begins there. */
  readonly line: number;
  readonly read: number;
  readonly rejected: number;
  /** Number of rows whose key appeared before in the same batch. */
  readonly skipped: number;
  readonly rows: number;
  /** The rows in COPY's text format. */
  readonly copy: Uint8Array<ArrayBuffer>;
  /** The rejects in COPY's text format: run, line, position, column, value, reason. */
  readonly rejects: Uint8Array<ArrayBuffer>;
}

/** Reads the records of one range. */
export class RangeReader {
  readonly #job: RangeJob;
  readonly #decode: (bytes: Buffer) => string;
  readonly #validate: Validate;
  readonly #columns: ColumnMap;
  /** Bytes left over from before, followed by the new ones. */
  readonly #input = new ByteRoom();
  readonly #output: Output = { rows: new ByteRoom(), rejects: new ByteRoom() };
  #tail: Buffer = Buffer.alloc(0);
  #at: number;
  #line: number;

  constructor(job: RangeJob) {
    this.#job = job;
    this.#decode = decoderOf(job.layout.encoding);
    this.#validate = validatorOf(job.schema, job.formats);
    this.#columns = mapColumns(job.layout.header, job.schema, job.key);
    this.#at = job.from;
    this.#line = job.line;
  }

  /**
   * Takes the next bytes of the range and returns the batches that they complete.
   * @param last - true for the last bytes of the range
   */
  read(bytes: Buffer, last: boolean): Batch[] {
    const all = this.#withTail(bytes);
    const end = last ? all.length : lastRecordEnd(all, this.#job.layout.delimiter);
    // The rest is copied because a view would keep the whole block in memory.
    this.#tail = Buffer.from(all.subarray(end));
    return this.#batches(all.subarray(0, end));
  }

  #withTail(bytes: Buffer): Buffer {
    if (this.#tail.length === 0) return bytes;
    this.#input.clear();
    this.#input.append(this.#tail);
    this.#input.append(bytes);
    return this.#input.bytes;
  }

  #batches(bytes: Buffer): Batch[] {
    const { batchRecords, layout } = this.#job;
    const batches: Batch[] = [];
    // When not all bytes are UTF-8, a replacement character indicates an invalid byte.
    const suspicious = layout.encoding === 'utf-8' && layout.mixedEncoding && !isUtf8(bytes);
    const newBatch = (): BatchBuilder =>
      new BatchBuilder(this.#job, this.#validate, this.#columns, suspicious, this.#output);
    let batch = newBatch();
    for (const slice of this.#slices(bytes)) {
      for (const record of readRecords(this.#decode(slice), layout.delimiter)) {
        batch.add(record, this.#line);
        this.#line += record.lines;
      }
      batch.pack();
      this.#at += slice.length;
      if (batch.read < batchRecords) continue;
      batches.push(batch.finish(this.#at, this.#line));
      batch = newBatch();
    }
    if (bytes.length > 0 && batches.at(-1)?.to !== this.#at) batches.push(batch.finish(this.#at, this.#line));
    return batches;
  }

  /**
   * Cuts bytes into pieces that are small in bytes and in records, so that their garbage is collected while it is
   * young.
   */
  *#slices(bytes: Buffer): Generator<Buffer> {
    const most = Math.min(this.#job.batchRecords, SLICE_RECORDS);
    const scanner = new RecordScanner(bytes, this.#job.layout.delimiter);
    let start = 0;
    let count = 0;
    for (let at = 0; at < bytes.length;) {
      at = scanner.endOf(at, true);
      count += 1;
      if (count < most && at - start < SLICE_BYTES && at < bytes.length) continue;
      yield bytes.subarray(start, at);
      start = at;
      count = 0;
    }
  }
}

const SLICE_RECORDS = 1_000;
const SLICE_BYTES = 128 * 1024;

/** Returns the position after the last record that certainly ends in these bytes. */
function lastRecordEnd(bytes: Buffer, delimiter: string): number {
  if (!bytes.includes(0x22)) return bytes.lastIndexOf(0x0a) + 1;
  const scanner = new RecordScanner(bytes, delimiter);
  let end = 0;
  for (let at = scanner.endOf(0, false); at >= 0; at = scanner.endOf(at, false)) {
    end = at;
    if (at >= bytes.length) break;
  }
  return end;
}

const REPLACED = '\ufffd';

/** Rows and rejects of the batch that is being built, as bytes. */
interface Output {
  readonly rows: ByteRoom;
  readonly rejects: ByteRoom;
}

class BatchBuilder {
  readonly #job: RangeJob;
  readonly #validate: Validate;
  readonly #columns: ColumnMap;
  readonly #suspicious: boolean;
  readonly #keys = new Set<string>();
  readonly #output: Output;
  #rows: string[] = [];
  #rejects: string[] = [];
  #count = 0;
  read = 0;
  #rejected = 0;
  #skipped = 0;

  constructor(job: RangeJob, validate: Validate, columns: ColumnMap, suspicious: boolean, output: Output) {
    this.#output = output;
    this.#job = job;
    this.#validate = validate;
    this.#columns = columns;
    this.#suspicious = suspicious;
  }

  add(record: CsvRecord, line: number): void {
    const marked = this.#job.layout.format === 'xlsx';
    const fields = marked ? record.fields.map(withLineBreaks) : record.fields;
    if (fields.length === 1 && fields[0]?.trim() === '' && !record.malformed) return;
    this.read += 1;
    const faults = this.#faultsOfForm(record);
    if (faults.length === 0) this.#addValid(fields, line, faults);
    if (faults.length === 0) return;
    this.#rejected += 1;
    for (const [position, { column, value, reason }] of faults.entries())
      this.#rejects.push(copyRow([this.#job.runId, String(line), String(position), column, redact(value), reason]));
  }

  /** Encodes the collected texts to bytes, which the garbage collector does not scan. */
  pack(): void {
    this.#count += this.#rows.length;
    this.#output.rows.appendText(this.#rows.join(''));
    this.#output.rejects.appendText(this.#rejects.join(''));
    this.#rows = [];
    this.#rejects = [];
  }

  finish(to: number, line: number): Batch {
    return {
      to,
      line,
      read: this.read,
      rejected: this.#rejected,
      skipped: this.#skipped,
      rows: this.#count,
      copy: this.#output.rows.take(),
      rejects: this.#output.rejects.take(),
    };
  }

  /** The cells of a workbook whose values cannot be known, in the columns that are imported. */
  #faultsOfCells(fields: readonly string[]): RecordFault[] {
    return this.#columns.imported.flatMap((at) => {
      const reason = faultOfCell(fields[at] ?? '');
      return reason === undefined ? [] : [{ column: this.#job.layout.header[at] ?? '', value: '', reason }];
    });
  }

  #faultsOfForm({ fields, malformed }: CsvRecord): RecordFault[] {
    const { header } = this.#job.layout;
    if (malformed) {
      const column = header[fields.length - 1] ?? '';
      const reason = 'expected a closing quote before the next delimiter or line end, got none';
      return [{ column, value: fields.at(-1) ?? '', reason }];
    }
    if (fields.length !== header.length && !trailingBlank(fields, header.length)) {
      const reason = `expected ${header.length} columns, got ${fields.length}`;
      return [{ column: '', value: '', reason }];
    }
    if (this.#job.layout.format === 'xlsx') return this.#faultsOfCells(fields);
    return this.#suspicious ? this.#faultsOfEncoding(fields) : [];
  }

  #faultsOfEncoding(fields: readonly string[]): RecordFault[] {
    const { header } = this.#job.layout;
    const at = fields.findIndex((field) => field.includes(REPLACED));
    if (at < 0) return [];
    return [{ column: header[at] ?? '', value: fields[at] ?? '', reason: 'expected UTF-8, got invalid bytes' }];
  }

  #addValid(fields: readonly string[], line: number, faults: RecordFault[]): void {
    const { fieldAt, keyAt } = this.#columns;
    const validated = this.#validate((field) => {
      const at = fieldAt[field];
      return at === undefined ? undefined : fields[at];
    });
    faults.push(...validated.faults);
    const key = keyAt === undefined ? String(line) : (fields[keyAt] ?? '').trim();
    if (faults.length === 0 && (key === '' || key.length > MAX_KEY)) faults.push(keyFault(this.#columns.keyName, key));
    const extra = this.#openValues(fields, faults);
    if (faults.length > 0) return;
    const row = toRow(this.#job, validated.values, key, extra);
    if (this.#keys.has(row.key)) {
      this.#skipped += 1;
      return;
    }
    this.#keys.add(row.key);
    this.#rows.push(copyRow([row.key, ...row.values, String(line)]));
  }

  #openValues(fields: readonly string[], faults: RecordFault[]): Readonly<Record<string, string>> {
    const values: [string, string][] = [];
    for (const { at, name, named } of this.#columns.openColumns) {
      const value = fields[at] ?? '';
      if (!named && value.trim() === '') continue;
      if (value.includes('\u0000')) faults.push({ column: name, value, reason: 'expected text, got a NUL character' });
      values.push([name, value]);
    }
    return Object.fromEntries(values);
  }
}

/** Longest key in characters, because PostgreSQL indexes at most 2,704 bytes of it. */
const MAX_KEY = 600;

function keyFault(column: string, value: string): RecordFault {
  const reason =
    value === '' ? 'expected a key, got nothing' : `expected a key of at most ${MAX_KEY} characters, got more`;
  return { column, value, reason };
}

/** Accepts superfluous empty fields at the end, which spreadsheets often write. */
function trailingBlank(fields: readonly string[], columns: number): boolean {
  return fields.length > columns && fields.slice(columns).every((field) => field.trim() === '');
}
