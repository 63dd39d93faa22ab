/** What threads that read ranges are asked for. */
import type { Batch, RangeJob } from './range-reader.ts';

/** Begin a range, or take its next bytes. */
export type RangeTask =
  | { readonly kind: 'begin'; readonly job: RangeJob }
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly last: boolean;
      /** Memory of batches that are saved: the garbage of a thread is collected often, that of the worker is not. */
      readonly spent: readonly ArrayBuffer[];
    };

/** What each of these yields. */
export interface RangeResults {
  readonly begin: undefined;
  readonly bytes: readonly Batch[];
}
