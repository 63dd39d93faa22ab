/** Turns the bytes of a table into rows of fields. It is synchronous and runs in a separate thread. */
import { decoderOf } from '../../imports/reading/encoding.ts';
import { type CsvRecord, readRecords } from '../../imports/reading/csv.ts';
import { faultOfForm } from '../../imports/reading/record-form.ts';
import { RecordSlices } from '../../imports/reading/record-slices.ts';
import { withLineBreaks } from '../../imports/reading/xlsx/marks.ts';
import type { TableLines } from '../port.ts';

/** Takes the rows of a table, in order. */
export interface RowTaker {
  /** A row with a field for each column. */
  row(fields: readonly string[], line: number): void;
  /** A row without a value. */
  empty(fields: readonly string[], line: number): void;
  /** What is no row of the table. */
  bad(fields: readonly string[], line: number, reason: string): void;
}

/** Reads the records of a table, block by block. */
export class TableReader {
  readonly #place: TableLines;
  readonly #taker: RowTaker;
  readonly #decode: (bytes: Buffer) => string;
  readonly #slices: RecordSlices;
  #line: number;

  constructor(place: TableLines, taker: RowTaker) {
    this.#place = place;
    this.#taker = taker;
    this.#decode = decoderOf(place.layout.encoding);
    this.#slices = new RecordSlices(place.layout.delimiter);
    this.#line = place.line;
  }

  /** @param last - true for the last bytes of the table */
  read(bytes: Buffer, last: boolean): void {
    for (const piece of this.#slices.pieces(this.#slices.whole(bytes, last))) {
      for (const record of readRecords(this.#decode(piece), this.#place.layout.delimiter)) {
        this.#give(record);
        this.#line += record.lines;
      }
    }
  }

  #give(record: CsvRecord): void {
    const { header, format } = this.#place.layout;
    const fields = format === 'xlsx' ? record.fields.map(withLineBreaks) : record.fields;
    if (!record.malformed && fields.every((field) => field.trim() === '')) {
      this.#taker.empty(fields, this.#line);
      return;
    }
    const fault = faultOfForm(record, header);
    if (fault === undefined) this.#taker.row(fields, this.#line);
    else this.#taker.bad(fields, this.#line, fault.reason);
  }
}
