/** What threads that plan imports are asked for, and what they ask for in turn. */
import type { ImportLayout } from '../../../contracts/imports/schema.ts';
import type { Encoding, ImportSchema } from '../../../contracts/imports/vocabulary.ts';
import type { PlannedRange } from './plan.ts';

/** What the caller of an import says of its file. */
export interface PlanWishes {
  readonly schema: ImportSchema;
  readonly key: string | undefined;
  readonly format: 'csv' | 'xlsx' | undefined;
  readonly delimiter: string | undefined;
  readonly encoding: Encoding | undefined;
  readonly sheet: string | undefined;
}

/** Limits of a file. */
export interface PlanLimits {
  readonly maxRecordBytes: number;
  /** Of a workbook, unpacked and as CSV. */
  readonly maxUnpackedBytes: number;
  /** Smallest range; larger files have larger ones, so that there are never more than 64. */
  readonly minRangeBytes: number;
}

/** Plan a file. */
export interface PlanTask {
  readonly kind: 'plan';
  /** Bytes of the file. */
  readonly size: number;
  readonly wishes: PlanWishes;
  readonly limits: PlanLimits;
}

/** What there is to know of a file. */
export interface PlannedFile {
  readonly layout: ImportLayout;
  readonly ranges: readonly PlannedRange[];
}

/** What planning yields. */
export interface PlanResults {
  readonly plan: PlannedFile;
}

/** What a plan is made of: the file as it came, or as it was rewritten. */
export type PlannedSource = 'given' | 'rewritten';

/** What a thread asks for while it plans; beside each, what it is answered. */
export type PlanCall =
  /** The number of a new stream of bytes `[from, to)`. */
  | { readonly kind: 'open'; readonly of: PlannedSource; readonly from: number; readonly to: number }
  /** Its next bytes; `undefined` behind the last ones. */
  | { readonly kind: 'next'; readonly stream: number }
  /** Nothing: the stream is of no further use. */
  | { readonly kind: 'close'; readonly stream: number }
  /** Nothing, once there is room for more bytes of the rewritten file. */
  | { readonly kind: 'write'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The size of the rewritten file, which is whole and stored. */
  | { readonly kind: 'finish' };
