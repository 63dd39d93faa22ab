/** What imports need of the world: files, downloads, threads and the database. */
import type { Readable } from 'node:stream';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { FailureRecord } from '../../contracts/failures.ts';
import type {
  ImportCounts,
  ImportInput,
  ImportLayout,
  ImportView,
  Reject,
  StoredFile,
} from '../../contracts/imports/schema.ts';
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
  /** Parts of the file that are in the store already, in order. */
  readonly parts: readonly BlobRef[];
  /** What the server said of the file when its first part came (ETag or Last-Modified). */
  readonly validator: string | null;
  /** The whole file, once all of it is there. */
  readonly file: StoredFile | null;
  readonly layout: ImportLayout | null;
  /** Where ranges count from: the file, or what it was rewritten as. */
  readonly rewritten: StoredFile | null;
}

/** How far one range is. */
export interface RangeState extends ImportCounts {
  readonly from: number;
  readonly to: number;
  readonly doneTo: number;
  /** Line of the record at `doneTo`. */
  readonly line: number;
}

/** One batch on its way into the tables. */
export interface BatchSave {
  readonly runId: string;
  readonly range: number;
  /** Byte that the batch begins at; the range must be exactly there. */
  readonly from: number;
  readonly batch: Batch;
  readonly target: Target;
  readonly dataset: string;
  readonly onConflict: 'update' | 'skip';
  readonly present: readonly string[];
  readonly dryRun: boolean;
}

/** A document of a list that is to be fetched. */
export interface PendingDownload {
  readonly documentId: string;
  readonly url: string;
  readonly line: number;
}

/** Imports in the database. Every write may be repeated without a further effect. */
export interface ImportStore {
  /** Registers a run, or finds it; an earlier run under the same id is forgotten, its rows stay. */
  open(id: string, runId: string, input: ImportInput): Promise<StoredImport>;
  /** @throws PerennialError `ImportNotFound` when this run is not, or no longer, the one of the import */
  get(id: string, runId: string): Promise<StoredImport>;
  addPart(runId: string, index: number, part: BlobRef, validator: string | null): Promise<void>;
  /** Forgets the parts: the file has changed at its source. */
  dropParts(runId: string): Promise<void>;
  setFile(runId: string, file: StoredFile): Promise<void>;
  setPlan(
    runId: string,
    plan: { layout: ImportLayout; rewritten: StoredFile | null; ranges: readonly PlannedRange[] },
  ): Promise<number>;
  range(runId: string, range: number): Promise<RangeState>;
  /**
   * Saves one batch and moves the range on, in one transaction.
   *
   * @throws PerennialError `ImportOvertaken` when the range is not where the batch begins
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
  /** The end of a run that is closed already; `undefined` while it is not. */
  ended(runId: string): Promise<{ counts: ImportCounts; rejects: BlobRef | null } | undefined>;
  /** Forgets the temporary file. */
  forgetFile(runId: string): Promise<void>;
  downloads(runId: string, limit: number): Promise<readonly PendingDownload[]>;
  /** Makes a document of a file that was fetched, or rejects its line. */
  settleDownload(runId: string, documentId: string, end: { blob: BlobRef } | { reason: string }): Promise<void>;
  /** Ids of the documents of a run in the order of the list. */
  documents(runId: string, after: number, limit: number): Promise<readonly { id: string; line: number }[]>;
  view(id: string): Promise<ImportView | undefined>;
  list(limit: number): Promise<readonly ImportView[]>;
}

/** A range that a thread reads. */
export interface RangeReading {
  /** Hands over the next bytes; the array must not be used afterwards. */
  read(bytes: Uint8Array, last: boolean): Promise<readonly Batch[]>;
  /** Gives the memory of a batch that is saved back to the thread; the batch must not be used afterwards. */
  release(batch: Batch): void;
  /** Gives the thread back. */
  end(): Promise<void>;
}

/** Threads that read ranges. */
export interface RangeReaders {
  /** Waits for a thread and begins a range there. */
  begin(job: RangeJob, signal: AbortSignal): Promise<RangeReading>;
  close(): Promise<void>;
}

/** What a server answered. */
export interface Download {
  /** The bytes from `from` on. */
  readonly content: Readable;
  /** First byte that is given: the one asked for, or 0 where the server does not resume. */
  readonly from: number;
  /** Bytes of the whole file, where the server says so. */
  readonly size: number | null;
  /** Tells one version of the file from another. */
  readonly validator: string | null;
}

/** Downloads from the outside. */
export interface Downloader {
  /**
   * Asks for a file, from a byte on where an earlier attempt had come so far.
   * The content fails with `DownloadIncomplete` when it ends early or falls silent.
   *
   * @throws PerennialError `AddressNotAllowed`, `DownloadRefused`, `DownloadIncomplete`, `BackendUnavailable`, `BackendThrottled`
   */
  open(url: string, resume: { from: number; validator: string | null }, signal: AbortSignal): Promise<Download>;
}

/** Bytes of files that consist of blobs. */
export interface StoredFiles {
  /** Cuts a stream into parts and stores each as soon as it is complete. */
  store(
    prefix: string,
    content: AsyncIterable<Uint8Array>,
    options: { readonly maxBytes: number; readonly onPart: (part: BlobRef, index: number) => Promise<void> },
  ): Promise<readonly BlobRef[]>;
  /** Reads bytes `[from, to)` in blocks of about 1 MB. */
  read(file: StoredFile, from: number, to: number): AsyncIterable<Buffer>;
  /** Reads all parts and checks each against its checksum. @throws PerennialError `BlobCorrupt` */
  readAll(parts: readonly BlobRef[]): AsyncIterable<Buffer>;
}
