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
import { type CsvRecord, readRecords } from './csv.ts';
import { decoderOf } from './encoding.ts';
import { type RecordFault, redact, type Validate, validatorOf, type ValueFormats } from './fields.ts';
import { mapColumns, type ColumnMap } from './header.ts';
import { faultOfForm } from './record-form.ts';
import { RecordSlices } from './record-slices.ts';
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
  readonly #slices: RecordSlices;
  readonly #output: Output = { rows: new ByteRoom(), rejects: new ByteRoom() };
  #at: number;
  #line: number;

  constructor(job: RangeJob) {
    this.#job = job;
    this.#decode = decoderOf(job.layout.encoding);
    this.#validate = validatorOf(job.schema, job.formats);
    this.#columns = mapColumns(job.layout.header, job.schema, job.key);
    this.#slices = new RecordSlices(job.layout.delimiter, job.batchRecords);
    this.#at = job.from;
    this.#line = job.line;
  }

  /**
   * Takes the next bytes of the range and returns the batches that they complete.
   * @param last - true for the last bytes of the range
   */
  read(bytes: Buffer, last: boolean): Batch[] {
    return this.#batches(this.#slices.whole(bytes, last));
  }

  #batches(bytes: Buffer): Batch[] {
    const { batchRecords, layout } = this.#job;
    const batches: Batch[] = [];
    // When not all bytes are UTF-8, a replacement character indicates an invalid byte.
    const suspicious = layout.encoding === 'utf-8' && layout.mixedEncoding && !isUtf8(bytes);
    const newBatch = (): BatchBuilder =>
      new BatchBuilder(this.#job, this.#validate, this.#columns, suspicious, this.#output);
    let batch = newBatch();
    for (const slice of this.#slices.pieces(bytes)) {
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

  #faultsOfForm(record: CsvRecord): RecordFault[] {
    const { fields } = record;
    const fault = faultOfForm(record, this.#job.layout.header);
    if (fault !== undefined) return [fault];
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
