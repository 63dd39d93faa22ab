/** The ports of data: rows of files, and threads that read them. */
import type { CleanOutput, DataFix, DataReport, FileOptions, ProfileOutput } from '../../contracts/data/schema.ts';
import type { ExportFormat } from '../../contracts/data/vocabulary.ts';
import type { Encoding } from '../../contracts/imports/encodings.ts';
import type { ImportLayout, StoredFile } from '../../contracts/imports/schema.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';

/** Where the rows of a table stand, and how they are read. */
export interface TablePlace {
  readonly layout: Pick<ImportLayout, 'format' | 'delimiter' | 'header'> & {
    /** One that is read without being rewritten. */
    readonly encoding: Encoding;
  };
  readonly file: StoredFile;
  /** Bytes of the file that hold rows, and the line of the first. */
  readonly from: number;
  readonly to: number;
  readonly line: number;
}

/** How the lines of a table are read, and the number of the first. */
export type TableLines = Pick<TablePlace, 'layout' | 'line'>;

/** What a file turned out to be, and where its rows stand. */
export interface ScannedTable {
  readonly seen: Pick<DataReport, 'format' | 'encoding' | 'delimiter' | 'sheet'>;
  readonly place: TablePlace;
}

/** How a long reading is watched and stopped. */
export interface Reading {
  readonly signal: AbortSignal;
  /** Told how many bytes were read or written so far. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Finds what a file is.
 * @throws PerennialError `EmptyFile`, `ImportColumns`, `ImportUnreadable`, `ImportTooLarge`, `ArchiveBomb`; `InvalidInput`
 *   for an encoding that nobody knows
 */
export type TableScanner = (file: BlobRef, options: FileOptions, reading: Reading) => Promise<ScannedTable>;

/** What a report says of the rows. */
export type TableReport = Omit<DataReport, 'format' | 'encoding' | 'delimiter' | 'sheet'>;

/** Whose file is meant. A file of another user or tenant is as good as none. */
export interface FileOwner {
  readonly fileId: string;
  readonly userId: string;
  readonly tenant: string | undefined;
}

/** A file to be read. */
export interface NewFile extends FileOwner {
  readonly original: BlobRef;
  readonly options: FileOptions;
}

/** Figures of a report, as the task answers. */
export type FileFigures = Omit<ProfileOutput, 'status' | 'file_id' | 'report'>;

/** What is known of a file once it was read. */
export interface Profiled {
  readonly figures: FileFigures;
  readonly report: BlobRef;
  /** Its rows as they stand now. */
  readonly current: TablePlace;
}

/** A file of a user. */
export interface DataFile {
  readonly fileId: string;
  readonly original: BlobRef;
  /** `undefined` until it was read. */
  readonly profiled: Profiled | undefined;
  readonly createdAt: Date;
}

/** Files of users, in PostgreSQL. Every write may be repeated without a further effect. */
export interface DataFiles {
  /**
   * Registers a file, or finds it.
   * @throws PerennialError `UserMissing`; `DataFileTaken` when the id is that of another file, or of somebody else's
   */
  open(file: NewFile): Promise<DataFile>;
  /** Returns a file. @throws PerennialError `DataFileMissing` */
  get(owner: FileOwner): Promise<DataFile>;
  /** Notes what was read; the first note counts, and is returned. */
  profiled(owner: FileOwner, profiled: Profiled): Promise<Profiled>;
}

/** In which form a table is written: for its user, as a list for each row, or with fixes applied and each change noted. */
export type WriteForm =
  | { readonly as: 'csv' | 'jsonl' | 'lists' | 'parquet' }
  | { readonly as: 'cleaned'; readonly fixes: readonly DataFix[] };

/** What was written since the block before. */
export interface Written {
  readonly table: Uint8Array<ArrayBuffer>;
  /** Lines of JSON, one for each change. */
  readonly changes?: Uint8Array<ArrayBuffer>;
}

/** What became of the rows of a table. */
export interface WriteCounts {
  rows: number;
  /** Rows that are none of the table, or hold nothing. */
  leftOut: number;
  changedCells: number;
  removedRows: number;
}

/** A table that is being written. */
export interface TableWriting {
  /** What is written, block by block. */
  readonly blocks: AsyncIterable<Written>;
  /** Counts of the rows so far; of all rows once the blocks have ended. */
  counts(): WriteCounts;
}

/** Threads that read tables. */
export interface TableThreads {
  /**
   * Reads a table once, from its first row to its last.
   * @param content - the bytes of its rows
   * @throws PerennialError `ImportTooLarge` for a table that takes more memory or time than a thread may
   */
  profile(place: TableLines, content: AsyncIterable<Uint8Array>, reading: Reading): Promise<TableReport>;
  /** Reads a table and writes it in another form. @throws PerennialError as `profile` */
  write(place: TableLines, content: AsyncIterable<Uint8Array>, form: WriteForm, reading: Reading): TableWriting;
  close(): Promise<void>;
}

/** Fixes that were applied to a file. */
export interface Cleaning {
  readonly cleaningId: string;
  readonly fixes: readonly string[];
  readonly before: TablePlace;
  readonly after: TablePlace;
  readonly changes: BlobRef;
  readonly figures: CleaningFigures;
  readonly undone: boolean;
}

/** Figures of a cleaning, as the task answers. */
export type CleaningFigures = Pick<CleanOutput, 'rows' | 'changed_cells' | 'removed_rows'>;

/** What was mended in files, in PostgreSQL. Every write may be repeated without a further effect. */
export interface DataCleanings {
  /** Returns a cleaning; `undefined` for none of the file. @throws PerennialError `DataFileTaken` for one of another file */
  find(owner: FileOwner, cleaningId: string): Promise<Cleaning | undefined>;
  /**
   * Notes a cleaning, and puts its table in the place of the one before.
   * @throws PerennialError `DataFileChanged` when the file is another one by now
   */
  apply(owner: FileOwner, cleaning: Omit<Cleaning, 'undone'>): Promise<Cleaning>;
  /**
   * Puts the table from before a cleaning back.
   * @throws PerennialError `DataFileMissing` for a cleaning that the file has not; `DataFileChanged` when a later one stands
   */
  undo(owner: FileOwner, cleaningId: string): Promise<Cleaning>;
}

/** A file that was written for a user. */
export interface DataExport {
  readonly exportId: string;
  readonly fileId: string;
  readonly format: ExportFormat;
  readonly rows: number;
  readonly leftOut: number;
  readonly file: BlobRef;
}

/** What was written for users, in PostgreSQL. */
export interface DataExports {
  /** Returns an export of the user; `undefined` for none, also for one of somebody else. */
  find(owner: Omit<FileOwner, 'fileId'>, exportId: string): Promise<DataExport | undefined>;
  /** Notes an export; the first note counts, and is returned. @throws PerennialError `DataFileTaken` */
  note(owner: FileOwner, made: DataExport): Promise<DataExport>;
}
