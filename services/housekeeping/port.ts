/** The ports of housekeeping. */
import type { Readable } from 'node:stream';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { HealthChange, HealthReport } from '../../contracts/housekeeping/schema.ts';

/** An entry that could not be deleted. */
export interface Skipped {
  /** Name relative to the folder of temporary files. */
  readonly name: string;
  /** System code of the error, for example `EACCES`. */
  readonly reason: string;
}

/** Result of a clean-up of temporary files, or of its preview. */
export interface TempFilesReport {
  readonly files: number;
  readonly folders: number;
  readonly bytes: number;
  readonly skipped: number;
  /** The first few of the skipped entries. */
  readonly examples: readonly Skipped[];
}

/** Settings of {@link TempFiles}. */
export interface TempFilesOptions {
  /** Entries changed before this instant are old. */
  readonly before: Date;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/** The folder of temporary files. */
export interface TempFiles {
  /**
   * Deletes old files, and old folders that are then empty.
   * @throws PerennialError `TempFolderUnsafe`
   */
  clean(options: TempFilesOptions): Promise<TempFilesReport>;
}

/** Deleted documents, and the blobs that their rows named. */
export interface DeletedDocuments {
  readonly documents: number;
  readonly blobs: readonly BlobRef[];
}

/** Clean-up of old documents in the database. */
export interface OldDocuments {
  /** Deletes at most `limit` completed or failed documents created before an instant, in one transaction. */
  deleteSome(before: Date, limit: number): Promise<DeletedDocuments>;
  /**
   * Counts what {@link deleteSome} would delete in all of its calls: documents, and the files that no other row names.
   */
  count(before: Date): Promise<{ readonly documents: number; readonly files: number; readonly bytes: number }>;
}

/** Tells which blobs the rows of the database reference. */
export interface BlobReferences {
  /** Returns those of the given keys that a row references. */
  named(keys: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Clean-up of records of finished work. */
export interface OldRecords {
  /** Deletes records that ended before an instant, in slices; returns the number of rows by table. */
  purge(options: {
    readonly before: Date;
    readonly dryRun: boolean;
    readonly signal: AbortSignal;
  }): Promise<Readonly<Record<string, number>>>;
}

/** Disk space of a table. */
export interface TableState {
  readonly name: string;
  readonly deadRows: number;
}

/** Maintenance of the database. */
export interface DatabaseUpkeep {
  /** Returns the size of the whole database in bytes. */
  size(): Promise<number>;
  tables(): Promise<readonly TableState[]>;
  /** Runs VACUUM (ANALYZE) on one table, outside a transaction. */
  vacuum(table: string, signal: AbortSignal): Promise<void>;
}

/** Contents of a backup. */
export interface BackupFacts {
  readonly tables: number;
  readonly rows: number;
  /** Tables that do not belong to the product and are therefore not saved. */
  readonly others: readonly string[];
  /** Newest applied migration. */
  readonly migration: string;
}

/** Creates backups of the database. */
export interface DatabaseBackup {
  /**
   * Streams a consistent copy; `facts` resolves when the stream has ended.
   * @throws PerennialError `DatabaseUnavailable`
   */
  open(signal: AbortSignal): Promise<{ readonly content: Readable; readonly facts: Promise<BackupFacts> }>;
  /** Returns the facts without a copy; the numbers of rows are the planner's estimates. */
  preview(): Promise<BackupFacts>;
}

/** The result of {@link RestoreDatabase}. */
export interface RestoreReport {
  readonly tables: number;
  readonly rows: number;
  /** When the backup was made, as ISO time. */
  readonly createdAt: string;
  /** Migrations that were applied after loading a backup of an older version. */
  readonly migrated: readonly string[];
}

/**
 * Loads a backup into an empty database: all of it, or nothing.
 *
 * @throws PerennialError `BackupUnreadable`, `BackupFromNewerVersion`, `RestoreTargetNotEmpty`, `DatabaseUnavailable`
 */
export type RestoreDatabase = (file: string, url: string) => Promise<RestoreReport>;

/** Free space of a folder's file system. */
export interface DiskSpace {
  /** Purpose of the folder, for example `temporary files`. */
  readonly name: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Free share of the file system's space or inodes, whichever is less; 0…100. */
  readonly freePercent: number;
}

/** The disks of this machine that the product writes to. */
export interface Disks {
  measure(): Promise<readonly DiskSpace[]>;
}

/** Length of a queue, and its workers. */
export interface QueueLength {
  readonly queue: string;
  readonly length: number;
  readonly oldestSeconds: number;
  /** Number of workers that polled for tasks recently. */
  readonly workers: number;
}

/** Queries the queues of the Temporal server for activities. */
export interface QueueMonitor {
  /**
   * Returns the lengths of all queues.
   * @throws PerennialError `BackendUnavailable`
   */
  lengths(of?: (queue: string) => boolean): Promise<readonly QueueLength[]>;
}

/** Runs all health checks concurrently; a check that throws or hangs returns `error: …`. */
export type HealthProbe = () => Promise<Readonly<Record<string, string>>>;

/** Stores the state of health from check to check. */
export interface HealthLedger {
  /** Stores the result of a check; a repeated or late record changes nothing. */
  record(checkId: string, report: HealthReport): Promise<void>;
  /** Returns changes to `unhealthy` and back that were not reported yet, oldest first. */
  untold(): Promise<readonly HealthChange[]>;
  told(key: string): Promise<void>;
}

/** Records runs of tasks whose only effect is that they ran. */
export interface RunLedger {
  /** Records a run once for each key; returns the time of the first record. */
  record(key: string): Promise<Date>;
}

/** How a run has ended; `gone` is a run that the server does not know, or no longer knows. */
export type RunEnd = 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out' | 'gone';

/**
 * Queries the state of a run.
 * @param firstRunId - id of the first run of a chain; without it, the current run of the workflow id
 * @throws PerennialError `BackendUnavailable`
 */
export type LookAtRun = (workflowId: string, firstRunId?: string) => Promise<RunEnd | 'running'>;

/** A row that was closed. */
export interface ClosedRow {
  readonly id: string;
  readonly end: RunEnd;
}

/** An import that was closed on behalf of its run, with references to its files. */
export interface LeftFiles {
  readonly id: string;
  readonly run: string;
  /** The uploaded file that it was to import; `null` also where a redrive or another import still needs it. */
  readonly upload: BlobRef | null;
}

/** What {@link OpenRows.close} closed, or would close. */
export interface ClosedRows {
  readonly batches: readonly ClosedRow[];
  readonly imports: readonly ClosedRow[];
  /** Places under limits that were freed. */
  readonly places: number;
  /** Documents that went back to `pending`, besides those of the batches. */
  readonly documents: number;
}

/** Rows of running work. */
export interface OpenRows {
  /** Closes the rows whose runs have ended. */
  close(look: LookAtRun, options?: { readonly dryRun?: boolean; readonly signal?: AbortSignal }): Promise<ClosedRows>;
  /**
   * Closes the row of a batch if its run has ended; returns how it ended, `undefined` when nothing was to be closed.
   */
  closeBatch(id: string, look: LookAtRun): Promise<RunEnd | undefined>;
  /**
   * Opens the row of a batch again if its run goes on after it was stopped, because somebody has reset it. An end that
   * the run writes itself stands.
   */
  reopenBatch(id: string, look: LookAtRun): Promise<void>;
  /** Like {@link closeBatch} for an import; its files then appear in {@link leftFiles}. */
  closeImport(id: string, look: LookAtRun): Promise<RunEnd | undefined>;
  /** Returns files of imports that were closed here and are not yet removed. */
  leftFiles(): Promise<readonly LeftFiles[]>;
  /** Returns the status in the row of a batch; `undefined` without a row. */
  batchStatus(id: string): Promise<string | undefined>;
  /** Records that the files of an import are removed. */
  forgetFile(run: string): Promise<void>;
}
