/** The ports of imports: files, downloads, threads and the database. */
import type { Readable } from 'node:stream';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { FailureRecord } from '../../contracts/failures.ts';
import type { ImportCounts, ImportInput, ImportLayout, Reject, StoredFile } from '../../contracts/imports/schema.ts';
import type {
  ImportedRowPage,
  ImportFilter,
  ImportPage,
  ImportView,
  RowFormat,
} from '../../contracts/imports/view.schema.ts';
import type { PlannedRange } from './reading/plan.ts';
import type { Batch, RangeJob } from './reading/range-reader.ts';
import type { Target } from './storing/targets.ts';

export type { Validated } from './reading/fields.ts';
export type { PlannedRange } from './reading/plan.ts';
export type { Batch } from './reading/range-reader.ts';
export type { Target } from './storing/targets.ts';

/** An import as its activities see it. */
export interface StoredImport {
  readonly id: string;
  readonly runId: string;
  readonly input: ImportInput;
  readonly schema: string;
  readonly dataset: string | null;
  readonly dryRun: boolean;
  /** Parts of the file that are already stored, in order. */
  readonly parts: readonly BlobRef[];
  /** ETag or Last-Modified of the file when its first part was downloaded. */
  readonly validator: string | null;
  /** The whole file; `null` until it is complete. */
  readonly file: StoredFile | null;
  readonly layout: ImportLayout | null;
  /**
   * The file as rewritten to UTF-8 CSV, in which ranges count their bytes; `null` when ranges count in the original.
   */
  readonly rewritten: StoredFile | null;
}

/** Progress of one range. */
export interface RangeState extends ImportCounts {
  readonly from: number;
  readonly to: number;
  readonly doneTo: number;
  /** Line of the record at `doneTo`. */
  readonly line: number;
}

/** One batch to be saved. */
export interface BatchSave {
  readonly runId: string;
  readonly range: number;
  /** Byte at which the batch begins; the range must stand exactly there. */
  readonly from: number;
  readonly batch: Batch;
  readonly target: Target;
  readonly dataset: string;
  readonly onConflict: 'update' | 'skip';
  readonly present: readonly string[];
  readonly dryRun: boolean;
}

/** A document of a list that is still to be fetched. */
export interface PendingDownload {
  readonly documentId: string;
  readonly url: string;
  readonly line: number;
}

/** Imports in the database. Every write may be repeated without a further effect. */
export interface ImportStore {
  /** Registers a run or finds it. An earlier run under the same id is deleted; the rows that it saved stay. */
  open(id: string, runId: string, input: ImportInput): Promise<StoredImport>;
  /**
   * Returns an import.
   * @throws PerennialError `ImportNotFound` unless this run is the current one of the import
   */
  get(id: string, runId: string): Promise<StoredImport>;
  addPart(runId: string, index: number, part: BlobRef, validator: string | null): Promise<void>;
  /** Deletes the stored parts, because the file has changed at its source. */
  dropParts(runId: string): Promise<void>;
  setFile(runId: string, file: StoredFile): Promise<void>;
  setPlan(
    runId: string,
    plan: { layout: ImportLayout; rewritten: StoredFile | null; ranges: readonly PlannedRange[] },
  ): Promise<number>;
  range(runId: string, range: number): Promise<RangeState>;
  /**
   * Saves one batch and advances the range, in one transaction.
   * @throws PerennialError `ImportOvertaken` when the range does not stand where the batch begins
   */
  saveBatch(save: BatchSave, signal: AbortSignal): Promise<RangeState>;
  counts(runId: string): Promise<ImportCounts>;
  rejects(
    runId: string,
    after: { line: number; position: number },
    limit: number,
  ): Promise<readonly (Reject & { position: number })[]>;
  finish(
    id: string,
    runId: string,
    end: {
      status: 'finished' | 'failed' | 'cancelled';
      counts: ImportCounts;
      rejects: BlobRef | null;
      failure: FailureRecord | null;
    },
  ): Promise<void>;
  /** Returns the result of a closed run; `undefined` while it is open. */
  ended(runId: string): Promise<{ counts: ImportCounts; rejects: BlobRef | null } | undefined>;
  /**
   * Tells whether another import reads an upload: one that runs, or one that failed, because its redrive reads it
   * again. Uploads of equal bytes may share a file.
   */
  isUploadNeeded(runId: string, upload: BlobRef): Promise<boolean>;
  /** Deletes the reference to the temporary file. */
  forgetFile(runId: string): Promise<void>;
  downloads(runId: string, limit: number): Promise<readonly PendingDownload[]>;
  /** Creates a document from a fetched file, or rejects its line. */
  settleDownload(runId: string, documentId: string, end: { blob: BlobRef } | { reason: string }): Promise<void>;
  /** Returns ids of the documents of a run, in the order of the list. */
  documents(runId: string, after: number, limit: number): Promise<readonly { id: string; line: number }[]>;
  view(id: string): Promise<ImportView | undefined>;
}

/** What was imported, for whoever looks at it. */
export interface ImportQueries {
  view(id: string): Promise<ImportView | undefined>;
  /**
   * Lists imports, newest first. An import that ended before its download had begun has no row and is not listed.
   * @throws PerennialError `InvalidInput` for an `after` that no import has
   */
  list(filter: ImportFilter, limit: number): Promise<ImportPage>;
  /**
   * Returns rows that are there because of an import, in the order of their keys, documents in that of their lines. A
   * row that a later import has written anew belongs to that one. A page holds fewer than `limit` rows when they are
   * large.
   * @param after - `next` of the page before
   * @returns an empty page for an import without a row
   * @throws PerennialError `InvalidInput` for an `after` that no page gives
   */
  rows(id: string, after: string | undefined, limit: number): Promise<ImportedRowPage>;
  /**
   * Opens the same rows as a file; memory holds one page of them. Formulas in CSV are disarmed.
   * @throws PerennialError before the first byte, when the first rows cannot be read
   */
  export(id: string, format: RowFormat, signal: AbortSignal): Promise<Readable>;
}

/** A range that a thread is reading. */
export interface RangeReading {
  /** Sends the next bytes to the thread; the array must not be used afterwards. */
  read(bytes: Uint8Array, last: boolean): Promise<readonly Batch[]>;
  /** Returns the memory of a saved batch to the thread; the batch must not be used afterwards. */
  release(batch: Batch): void;
  /** Returns the thread to the pool. */
  end(): Promise<void>;
}

/** Threads that read ranges. */
export interface RangeReaders {
  /** Waits for a free thread and begins a range in it. */
  begin(job: RangeJob, signal: AbortSignal): Promise<RangeReading>;
  close(): Promise<void>;
}

/** The answer of a server. */
export interface Download {
  /** The bytes from `from` on. */
  readonly content: Readable;
  /** First byte of the content: the requested one, or 0 when the server does not resume. */
  readonly from: number;
  /** Size of the whole file in bytes; `null` when the server does not tell. */
  readonly size: number | null;
  /** Identifies the version of the file. */
  readonly validator: string | null;
}

/** Downloads files from the internet. */
export interface Downloader {
  /**
   * Requests a file, from a given byte on when an earlier attempt stopped there. The content fails with
   * `DownloadIncomplete` when it ends early or the server falls silent.
   * @throws PerennialError `AddressNotAllowed`, `DownloadRefused`, `DownloadIncomplete`, `BackendUnavailable`,
   *   `BackendThrottled`
   */
  open(url: string, resume: { from: number; validator: string | null }, signal: AbortSignal): Promise<Download>;
}

/** Files that consist of blobs. */
export interface StoredFiles {
  /** Cuts a stream into parts and stores each as soon as it is complete. */
  store(
    prefix: string,
    content: AsyncIterable<Uint8Array>,
    options: { readonly maxBytes: number; readonly onPart: (part: BlobRef, index: number) => Promise<void> },
  ): Promise<readonly BlobRef[]>;
  /** Reads bytes `[from, to)` in blocks of about 1 MB. */
  read(file: StoredFile, from: number, to: number): AsyncIterable<Buffer>;
  /**
   * Reads all parts and checks each against its checksum.
   * @throws PerennialError `BlobCorrupt`
   */
  readAll(parts: readonly BlobRef[]): AsyncIterable<Buffer>;
}
