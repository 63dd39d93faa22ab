/** Messages between the planner and its threads. */
import type { ImportLayout } from '../../../contracts/imports/schema.ts';
import type { Encoding } from '../../../contracts/imports/encodings.ts';
import type { ImportSchema } from '../../../contracts/imports/vocabulary.ts';
import type { PlannedRange } from './plan.ts';

/** What the caller of an import specifies about its file. */
export interface PlanOptions {
  readonly schema: ImportSchema;
  readonly key: string | undefined;
  readonly format: 'csv' | 'xlsx' | undefined;
  readonly delimiter: string | undefined;
  readonly encoding: Encoding | undefined;
  readonly sheet: string | undefined;
  /** Number of lines, or rows of a sheet, before the header that are not read. */
  readonly skipLines: number;
  /** Line that must be the header; when `undefined`, the first line that is not blank. */
  readonly headerRow: number | undefined;
  /** Names that columns are to have, by their name in the file. */
  readonly map: Readonly<Record<string, string>>;
}

/** Limits of a file. */
export interface PlanLimits {
  readonly maxRecordBytes: number;
  /** Limit for a workbook, both unpacked and as CSV, in bytes. */
  readonly maxUnpackedBytes: number;
  /** Smallest range in bytes; larger files have larger ranges, so that there are never more than 64. */
  readonly minRangeBytes: number;
}

/** A request to plan a file. */
export interface PlanTask {
  readonly kind: 'plan';
  /** Size of the file in bytes. */
  readonly size: number;
  readonly options: PlanOptions;
  readonly limits: PlanLimits;
}

/** The result of planning a file. */
export interface PlannedFile {
  readonly layout: ImportLayout;
  readonly ranges: readonly PlannedRange[];
}

/** The result of each kind of task. */
export interface PlanResults {
  readonly plan: PlannedFile;
}

/** The bytes that a plan refers to: the original file or its rewritten form. */
export type PlannedSource = 'given' | 'rewritten';

/** Requests of a thread while it plans; the comment on each names the reply. */
export type PlanCall =
  /** Replies with the number of a new stream of bytes `[from, to)`. */
  | { readonly kind: 'open'; readonly of: PlannedSource; readonly from: number; readonly to: number }
  /** Replies with the next bytes of the stream; `undefined` at its end. */
  | { readonly kind: 'next'; readonly stream: number }
  /** Closes the stream; the reply is empty. */
  | { readonly kind: 'close'; readonly stream: number }
  /** Appends to the rewritten file; the empty reply means that there is room for more bytes. */
  | { readonly kind: 'write'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Replies with the size of the rewritten file once it is stored. */
  | { readonly kind: 'finish' };
