/** Messages between the worker and the threads that read tables. */
import type { TableLines, TableReport } from '../port.ts';

/** A request to begin a table, to take its next bytes, or to say what stood in it. */
export type TableTask =
  | { readonly kind: 'profile'; readonly place: TableLines }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer>; readonly last: boolean }
  | { readonly kind: 'report' };

/** The result of each kind of task. */
export interface TableResults {
  readonly profile: undefined;
  readonly bytes: undefined;
  readonly report: TableReport;
}
