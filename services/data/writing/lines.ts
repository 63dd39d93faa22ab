/** Writes tables as CSV and as lines of JSON. */
import { ByteRoom } from '../../imports/reading/byte-room.ts';
import { csvLine } from '../../imports/reading/csv.ts';
import { columnNames } from '../../imports/reading/header.ts';
import { faultOfCell } from '../../imports/reading/xlsx/marks.ts';
import type { Written } from '../port.ts';
import type { TableWriter } from './written.ts';

/** Writes each row as text. Rows that are none, and rows without a value, are left out. */
class LineWriter implements TableWriter {
  readonly #room = new ByteRoom();
  readonly #line: (values: readonly string[]) => string;
  readonly counts = { rows: 0, leftOut: 0, changedCells: 0, removedRows: 0 };

  constructor(head: string, line: (values: readonly string[]) => string) {
    this.#line = line;
    this.#room.appendText(head);
  }

  row(fields: readonly string[]): void {
    this.counts.rows += 1;
    this.#room.appendText(this.#line(fields.map(valueOf)));
  }

  empty(): void {
    this.counts.leftOut += 1;
  }

  bad(): void {
    this.counts.leftOut += 1;
  }

  take(): Written {
    return { table: this.#room.take() };
  }

  finish(): void {
    // A line ends with itself.
  }
}

/** Returns the value of a cell; one that cannot be known is empty. */
export function valueOf(cell: string): string {
  return faultOfCell(cell) === undefined ? cell : '';
}

/** Writes CSV for people: cells that a spreadsheet would run as formulas are escaped. */
export function csvWriter(header: readonly string[]): TableWriter {
  const names = columnNames(header);
  return new LineWriter(csvLine(names), (values) => csvLine(names.map((_name, at) => values[at] ?? '')));
}

/** Writes an object for each row, with a text for each column. */
export function jsonWriter(header: readonly string[]): TableWriter {
  const names = columnNames(header).map((name) => JSON.stringify(name));
  return new LineWriter('', (values) => {
    const pairs = names.map((name, at) => `${name}:${JSON.stringify(values[at] ?? '')}`);
    return `{${pairs.join(',')}}\n`;
  });
}

/** Writes a list of texts for each row, as JSON, in the order of the columns. */
export function listWriter(header: readonly string[]): TableWriter {
  return new LineWriter('', (values) => `${JSON.stringify(header.map((_name, at) => values[at] ?? ''))}\n`);
}
