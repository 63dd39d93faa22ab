/** Messages between the worker and the threads that read tables. */
import type { TableLines, TableReport, WriteCounts, WriteForm, Written } from '../port.ts';

/** A request to begin a table, to take its next bytes, or to say what stood in it. */
export type TableTask =
  | { readonly kind: 'profile'; readonly place: TableLines }
  | { readonly kind: 'write'; readonly place: TableLines; readonly form: WriteForm }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer>; readonly last: boolean }
  | { readonly kind: 'report' }
  | { readonly kind: 'counts' };

/** The result of each kind of task. */
export interface TableResults {
  readonly profile: undefined;
  readonly write: undefined;
  /** What was written; `undefined` when nothing is. */
  readonly bytes: Written | undefined;
  readonly report: TableReport;
  readonly counts: WriteCounts;
}
