/** Messages between the worker and the threads that read ranges. */
import type { Batch, RangeJob } from './range-reader.ts';

/** A request to begin a range or to take its next bytes. */
export type RangeTask =
  | { readonly kind: 'begin'; readonly job: RangeJob }
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly last: boolean;
      /**
       * Memory of saved batches, returned to the thread because its garbage is collected more often than the worker's.
       */
      readonly spent: readonly ArrayBuffer[];
    };

/** The result of each kind of task. */
export interface RangeResults {
  readonly begin: undefined;
  readonly bytes: readonly Batch[];
}
