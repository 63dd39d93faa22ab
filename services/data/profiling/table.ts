/** What stands in a table, found in one pass and in bounded memory. */
import type { DataReport } from '../../../contracts/data/schema.ts';
import { MAX_EXAMPLES } from '../../../contracts/data/vocabulary.ts';
import { columnNames } from '../../imports/reading/header.ts';
import type { TableLines, TableReport } from '../port.ts';
import type { RowTaker } from '../reading/table-reader.ts';
import { ColumnProfile } from './column.ts';
import { SeenRows } from './counting.ts';

/** Different values, and numbers, that all columns together keep. */
const ROOM = 1_000_000;

/** Different rows that are remembered, in about 100 MB. */
const ROWS = 4_000_000;

/** Takes the rows of a table, and makes the report of them. */
export class TableProfile implements RowTaker {
  readonly #columns: readonly ColumnProfile[];
  readonly #seen: SeenRows;
  readonly #bad: { line: number; reason: string }[] = [];
  readonly #repeated: { line: number; first: number }[] = [];
  #rows = 0;
  #empty = 0;
  #badCount = 0;
  #repeatedCount = 0;

  constructor({ layout: { header } }: Pick<TableLines, 'layout'>) {
    const each = Math.ceil(ROOM / header.length);
    const room = { distinct: Math.min(each, 10_000), sample: Math.min(each, 10_000) };
    this.#columns = columnNames(header).map((name, at) => new ColumnProfile(name, at + 1, room));
    this.#seen = new SeenRows(ROWS);
  }

  row(fields: readonly string[], line: number): void {
    this.#rows += 1;
    for (const [at, column] of this.#columns.entries()) column.add(fields[at] ?? '', line);
    const first = this.#seen.add(fields, line);
    if (first === undefined) return;
    this.#repeatedCount += 1;
    if (this.#repeated.length < MAX_EXAMPLES) this.#repeated.push({ line, first });
  }

  empty(): void {
    this.#empty += 1;
  }

  bad(_fields: readonly string[], line: number, reason: string): void {
    this.#badCount += 1;
    if (this.#bad.length < MAX_EXAMPLES) this.#bad.push({ line, reason });
  }

  result(): TableReport {
    const results = this.#columns.map((column) => column.result());
    const { exact } = this.#seen;
    return {
      rows: this.#rows,
      empty_rows: this.#empty,
      bad_rows: { count: this.#badCount, examples: this.#bad },
      duplicate_rows: { count: this.#repeatedCount, exact, examples: this.#repeated },
      columns: results.map(({ column }) => column),
      fixes: [
        ...results.flatMap(({ fixes }) => fixes),
        ...rowFix('duplicateRows', this.#repeatedCount, exact),
        ...rowFix('emptyRows', this.#empty, true),
      ],
    };
  }
}

function rowFix(kind: 'duplicateRows' | 'emptyRows', changes: number, exact: boolean): DataReport['fixes'] {
  return changes === 0 ? [] : [{ id: kind, kind, column: null, changes, exact, example: null }];
}
