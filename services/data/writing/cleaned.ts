/** Writes a table with fixes applied, and a line for each change. */
import type { DataFix } from '../../../contracts/data/schema.ts';
import { CELL_FIXES } from '../../../contracts/data/vocabulary.ts';
import { ByteRoom } from '../../imports/reading/byte-room.ts';
import { csvCells } from '../../imports/reading/csv.ts';
import { columnNames } from '../../imports/reading/header.ts';
import { faultOfCell } from '../../imports/reading/xlsx/marks.ts';
import type { Written } from '../port.ts';
import { SeenRows } from '../profiling/counting.ts';
import { type Mend, mendOf } from '../values/mend.ts';
import type { TableWriter } from './written.ts';

/** Different rows that are remembered, as in a report. */
const ROWS = 4_000_000;

/** Mends cells, and leaves out rows that hold nothing or are there before; rows that are none of the table stay. */
export class CleaningWriter implements TableWriter {
  readonly #names: readonly string[];
  readonly #mends: readonly Mend[];
  readonly #removesEmpty: boolean;
  readonly #seen: SeenRows | undefined;
  readonly #table = new ByteRoom();
  readonly #changes = new ByteRoom();
  readonly counts = { rows: 0, leftOut: 0, changedCells: 0, removedRows: 0 };

  constructor(header: readonly string[], fixes: readonly DataFix[]) {
    this.#names = columnNames(header);
    this.#mends = header.map((_name, at) => mendsOf(fixes.filter(({ column }) => column === at + 1)));
    this.#removesEmpty = fixes.some(({ kind }) => kind === 'emptyRows');
    this.#seen = fixes.some(({ kind }) => kind === 'duplicateRows') ? new SeenRows(ROWS) : undefined;
    this.#table.appendText(csvCells(header));
  }

  row(fields: readonly string[], line: number): void {
    const mended = this.#mends.map((mend, at) => this.#cell(fields[at] ?? '', at, line, mend));
    if (this.#seen?.add(mended, line) !== undefined) this.#removed('duplicateRows', fields, line);
    else this.#write(mended);
  }

  empty(fields: readonly string[], line: number): void {
    if (this.#removesEmpty) this.#removed('emptyRows', fields, line);
    else this.#write(fields);
  }

  bad(fields: readonly string[]): void {
    this.#write(fields);
  }

  take(): Written {
    return { table: this.#table.take(), changes: this.#changes.take() };
  }

  finish(): void {
    // A line ends with itself.
  }

  #cell(before: string, at: number, line: number, mend: Mend): string {
    const after = faultOfCell(before) === undefined ? mend(before) : before;
    if (after === before) return before;
    this.counts.changedCells += 1;
    this.#note({ line, column: this.#names[at] ?? '', before, after });
    return after;
  }

  #removed(reason: string, row: readonly string[], line: number): void {
    this.counts.removedRows += 1;
    this.#note({ line, removed: reason, row });
  }

  #write(fields: readonly string[]): void {
    this.counts.rows += 1;
    this.#table.appendText(csvCells(fields));
  }

  #note(change: object): void {
    this.#changes.appendText(`${JSON.stringify(change)}\n`);
  }
}

/** Applies the fixes of a column, spaces first. */
function mendsOf(fixes: readonly DataFix[]): Mend {
  const mends = CELL_FIXES.flatMap((kind) =>
    fixes.filter((fix) => fix.kind === kind).map(({ form }) => mendOf(kind, form)),
  );
  return (value) => mends.reduce((mended, mend) => mend(mended), value);
}
