/** The ports of data: rows of files, and threads that read them. */
import type { DataReport, FileOptions, ProfileOutput } from '../../contracts/data/schema.ts';
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

/** Threads that read tables. */
export interface TableThreads {
  /**
   * Reads a table once, from its first row to its last.
   * @param content - the bytes of its rows
   * @throws PerennialError `ImportTooLarge` for a table that takes more memory or time than a thread may
   */
  profile(place: TableLines, content: AsyncIterable<Uint8Array>, reading: Reading): Promise<TableReport>;
  close(): Promise<void>;
}
