/** What a worker and its threads tell each other. */
import type { Batch, RangeJob } from './range-reader.ts';

/** To a thread: begin a range, or take its next bytes. Each is answered once. */
export type ToThread =
  | { readonly kind: 'begin'; readonly job: RangeJob }
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly last: boolean;
      /** Memory of batches that are saved: the garbage of a thread is collected often, that of the worker is not. */
      readonly spent: readonly ArrayBuffer[];
    };

/** From a thread. */
export type FromThread =
  | { readonly kind: 'batches'; readonly batches: readonly Batch[] }
  | { readonly kind: 'failed'; readonly message: string };
