/** The ports of imports; composition roots supply them. */
import type { Readable } from 'node:stream';
import type { ImportLayout, StoredFile, SyncSource } from '../../contracts/imports/schema.ts';
import type { ImportSchema } from '../../contracts/imports/vocabulary.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import type {
  Downloader,
  ImportStore,
  PlannedRange,
  RangeReaders,
  StoredFiles,
  Target,
  Validated,
} from '../../services/imports/port.ts';

/** Limits of imports. */
export interface ImportLimits {
  readonly maxFileBytes: number;
  /** Most records in one transaction. */
  readonly batchRecords: number;
  /** Largest document that a list may name by its address, in bytes. */
  readonly maxDocumentBytes: number;
}

/** Opens files by path. */
export interface ImportPaths {
  /**
   * Opens a regular file inside the allowed folders.
   * @throws PerennialError `PathNotAllowed`, `FileMissing`
   */
  open(path: string): Promise<Readable>;
}

/** Detects what a stored file is, and cuts it into ranges. */
export interface ImportPlanner {
  /**
   * Scans the whole file once; anything but UTF-8 CSV is rewritten as UTF-8 CSV.
   * @param rewrite - stores the rewritten bytes
   * @throws PerennialError `EmptyFile`, `ImportColumns`, `ImportUnreadable`, `ImportTooLarge`, `ArchiveBomb`
   */
  plan(
    file: StoredFile,
    options: PlanOptions,
    rewrite: (content: AsyncIterable<Uint8Array>) => Promise<StoredFile>,
    signal: AbortSignal,
  ): Promise<PlannedImport>;
}

/** What the caller of an import specifies about its file. */
export interface PlanOptions {
  readonly schema: ImportSchema;
  readonly key: string | undefined;
  readonly format: 'csv' | 'xlsx' | undefined;
  readonly delimiter: string | undefined;
  readonly encoding: ImportLayout['encoding'] | undefined;
  readonly sheet: string | undefined;
  /** Lines before the header that are not read. */
  readonly skipLines: number;
  /** Line that must be the header; when `undefined`, the first line that is not blank. */
  readonly headerRow: number | undefined;
  /** Names that columns are to have, by their name in the file. */
  readonly map: Readonly<Record<string, string>>;
}

/** A scanned file. */
export interface PlannedImport {
  readonly layout: ImportLayout;
  readonly rewritten: StoredFile | null;
  readonly ranges: readonly PlannedRange[];
}

/** Rules of records. */
export interface ImportRules {
  validator(schema: ImportSchema): (at: (field: number) => string | undefined) => Validated;
  redact(value: string): string;
  target(schema: ImportSchema): Target;
  /** Returns the columns of a schema that a header contains. */
  present(header: readonly string[], schema: ImportSchema): readonly string[];
  csvLine(fields: readonly string[]): string;
}

/** All ports of imports. */
export interface ImportPorts {
  readonly imports: ImportStore;
  readonly blobs: BlobStore;
  readonly files: StoredFiles;
  readonly paths: ImportPaths;
  readonly downloader: Downloader;
  readonly planner: ImportPlanner;
  readonly readers: RangeReaders;
  readonly rules: ImportRules;
  readonly limits: ImportLimits;
  readonly syncSources: readonly SyncSource[];
}
