/** What is written of a table, block by block. */
import type { RowTaker } from '../reading/table-reader.ts';
import type { WriteCounts, Written } from '../port.ts';

/** Takes the rows of a table and writes them in another form. */
export interface TableWriter extends RowTaker {
  /** Returns what was written since the last call. */
  take(): Written;
  /** Writes what closes the form. */
  finish(): void;
  readonly counts: WriteCounts;
}
