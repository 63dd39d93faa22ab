/** What keeping the house clean needs of the outside. */
import type { Readable } from 'node:stream';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { HealthChange, HealthReport } from '../../contracts/housekeeping/schema.ts';
import type { QueueName } from '../../contracts/queues/names.ts';

/** An entry that should have gone and could not. */
export interface Skipped {
  /** Relative to the folder of temporary files. */
  readonly name: string;
  /** System code, for example `EACCES`. */
  readonly reason: string;
}

/** What a run over the temporary files did, or would do. */
export interface TempFilesReport {
  readonly files: number;
  readonly folders: number;
  readonly bytes: number;
  readonly skipped: number;
  /** The first few of the skipped. */
  readonly examples: readonly Skipped[];
}

/** How {@link TempFiles} works. */
export interface TempFilesOptions {
  /** What was changed before this instant is old. */
  readonly before: Date;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/** The folder of temporary files. */
export interface TempFiles {
  /** Deletes old files, and old folders that are empty then. @throws PerennialError `TempFolderUnsafe` */
  clean(options: TempFilesOptions): Promise<TempFilesReport>;
}

/** Documents that were deleted, and the blobs that their rows named. */
export interface DeletedDocuments {
  readonly documents: number;
  readonly blobs: readonly BlobRef[];
}

/** Old documents in the database. */
export interface OldDocuments {
  /** Deletes at most `limit` completed or failed documents created before an instant, in one transaction. */
  deleteSome(before: Date, limit: number): Promise<DeletedDocuments>;
  /** What {@link deleteSome} would delete in all its calls: documents, and the files that nobody else names. */
  count(before: Date): Promise<{ readonly documents: number; readonly files: number; readonly bytes: number }>;
}

/** Which blobs the rows of the database name. */
export interface BlobReferences {
  /** Those of the given keys that some row names. */
  named(keys: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Records of finished work. */
export interface OldRecords {
  /** Deletes records that ended before an instant, in slices; gives the number of rows by table. */
  purge(options: {
    readonly before: Date;
    readonly dryRun: boolean;
    readonly signal: AbortSignal;
  }): Promise<Readonly<Record<string, number>>>;
}

/** What a table needs of the disk. */
export interface TableState {
  readonly name: string;
  readonly deadRows: number;
}

/** Upkeep of the database. */
export interface DatabaseUpkeep {
  /** Size of the whole database in bytes. */
  size(): Promise<number>;
  tables(): Promise<readonly TableState[]>;
  /** VACUUM (ANALYZE) of one table, outside a transaction (CLEAN-3). */
  vacuum(table: string, signal: AbortSignal): Promise<void>;
}

/** What a backup holds. */
export interface BackupFacts {
  readonly tables: number;
  readonly rows: number;
  /** Tables that are not the product's own, and therefore not saved. */
  readonly others: readonly string[];
  /** Newest migration that was applied. */
  readonly migration: string;
}

/** Copies of the database. */
export interface DatabaseBackup {
  /**
   * Streams a consistent copy; `facts` is known when the stream has ended.
   *
   * @throws PerennialError `DatabaseUnavailable`
   */
  open(signal: AbortSignal): Promise<{ readonly content: Readable; readonly facts: Promise<BackupFacts> }>;
  /** The facts without a copy; rows are the planner's estimate. */
  preview(): Promise<BackupFacts>;
}

/** What {@link RestoreDatabase} did. */
export interface RestoreReport {
  readonly tables: number;
  readonly rows: number;
  /** When the backup was made; ISO time. */
  readonly createdAt: string;
  /** Migrations that were applied after the backup was loaded: it came from an older version. */
  readonly migrated: readonly string[];
}

/**
 * Loads a backup into an empty database: all of it, or nothing.
 *
 * @throws PerennialError `BackupUnreadable`, `BackupFromNewerVersion`, `RestoreTargetNotEmpty`, `DatabaseUnavailable`
 */
export type RestoreDatabase = (file: string, url: string) => Promise<RestoreReport>;

/** Room in a folder's file system. */
export interface DiskSpace {
  /** What it is for, for example `temporary files`. */
  readonly name: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Share of the file system's room or of its inodes that is free, whichever is less; 0…100. */
  readonly freePercent: number;
}

/** The disks of this machine that the product writes to. */
export interface Disks {
  measure(): Promise<readonly DiskSpace[]>;
}

/** How long a queue is and who serves it. */
export interface QueueLength {
  readonly queue: QueueName;
  readonly length: number;
  readonly oldestSeconds: number;
  /** Workers that asked for tasks a short time ago. */
  readonly workers: number;
}

/** The queues of the Temporal server, as an activity can ask for them. */
export interface QueueMonitor {
  /** @throws PerennialError `BackendUnavailable` */
  lengths(): Promise<readonly QueueLength[]>;
}

/** Runs all checks of health side by side; a check that throws or hangs gives `error: …`. */
export type HealthProbe = () => Promise<Readonly<Record<string, string>>>;

/** The state of health from check to check. */
export interface HealthLedger {
  /** Stores what a check found; the second record of one check, and one that comes late, change nothing. */
  record(checkId: string, report: HealthReport): Promise<void>;
  /** Changes to `unhealthy` and back that nobody was told yet, oldest first. */
  untold(): Promise<readonly HealthChange[]>;
  told(key: string): Promise<void>;
}

/** Runs of tasks whose only effect is that they ran. */
export interface RunLedger {
  /** Notes a run once per key; gives the time of the first note. */
  record(key: string): Promise<Date>;
}

/** How a run has ended; `gone` is one that the server does not know, or does not know any more. */
export type RunEnd = 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out' | 'gone';

/**
 * Asks the server where a run stands.
 *
 * @param firstRunId - id of the first run of a chain; without it, whatever run has the workflow id now
 * @throws PerennialError `BackendUnavailable`
 */
export type LookAtRun = (workflowId: string, firstRunId?: string) => Promise<RunEnd | 'running'>;

/** A row that was closed. */
export interface ClosedRow {
  readonly id: string;
  readonly end: RunEnd;
}

/** An import that was closed for its run, and what names its files. */
export interface LeftFiles {
  readonly run: string;
  /** The uploaded file that it was to import. */
  readonly upload: BlobRef | null;
}

/** What {@link OpenRows.close} has closed, or would close. */
export interface ClosedRows {
  readonly batches: readonly ClosedRow[];
  readonly imports: readonly ClosedRow[];
  /** Places under limits. */
  readonly places: number;
  /** Documents that wait to be read again, beside those of the batches. */
  readonly documents: number;
}

/** Rows that say that something is under way. */
export interface OpenRows {
  /** Closes the rows whose runs have ended. */
  close(look: LookAtRun, options?: { readonly dryRun?: boolean; readonly signal?: AbortSignal }): Promise<ClosedRows>;
  /** Closes the row of a batch if its run has ended; gives how, `undefined` when nothing was to be closed. */
  closeBatch(id: string, look: LookAtRun): Promise<RunEnd | undefined>;
  /** As {@link closeBatch}, of an import; its files are among the {@link leftFiles} then. */
  closeImport(id: string, look: LookAtRun): Promise<RunEnd | undefined>;
  /** Files of imports that were closed here, not yet removed. */
  leftFiles(): Promise<readonly LeftFiles[]>;
  /** What the row of a batch says; `undefined` where there is none. */
  batchStatus(id: string): Promise<string | undefined>;
  /** Notes that the files of an import are removed. */
  forgetFile(run: string): Promise<void>;
}
