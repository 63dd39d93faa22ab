/** Shapes of everything that enters or leaves the housekeeping domain. Workflow code imports only types from here. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { blobRefSchema } from '../values/blobs.schema.ts';
import { HEALTH_STATUSES, housekeepingWorkflows } from './vocabulary.ts';

const count = z.int().nonnegative();
const megabytes = z.number().nonnegative();
const dryRun = z.boolean().default(false).describe('Only say what would be done');
const days = (text: string) => z.int().min(1).max(36_500).optional().describe(text);

/** An entry that a task kept although it is old enough to be deleted. */
const skippedSchema = z.object({ name: z.string(), reason: z.string() });

export const cleanupTempFilesInputSchema = z.strictObject({
  dryRun,
  maxAgeHours: z.number().min(0).max(876_000).default(24).describe('Older files are deleted (24)'),
});
export const cleanupTempFilesOutputSchema = z.object({
  dry_run: z.boolean(),
  deleted_files: count,
  deleted_folders: count,
  freed_space_mb: megabytes,
  /** Number of entries that could not be deleted. */
  skipped: count,
  skipped_examples: z.array(skippedSchema),
});

export const cleanupOldOcrResultsInputSchema = z.strictObject({
  dryRun,
  days: days('Older documents are deleted; default DOCUMENT_RETENTION_DAYS (90)'),
});
export const cleanupOldOcrResultsOutputSchema = z.object({
  dry_run: z.boolean(),
  days: count,
  deleted_documents: count,
  /** Number of deleted files; no other document used them. */
  deleted_files: count,
  freed_space_mb: megabytes,
  /** Number of kept files; other documents use them, or they were just stored again. */
  kept_files: count,
});

export const cleanupOldFilesInputSchema = z.strictObject({
  dryRun,
  days: days('Older files of finished work are deleted; default FILE_RETENTION_DAYS'),
});
export const cleanupOldFilesOutputSchema = z.object({
  dry_run: z.boolean(),
  days: count,
  deleted_files: count,
  freed_space_mb: megabytes,
  /** Number of files that are still needed or not old enough. */
  kept_files: count,
  /** Folders of the store without a rule; they are not touched. */
  unknown_folders: z.array(z.string()),
});

export const cleanupResultsInputSchema = z.strictObject({
  dryRun,
  days: days('Older records of finished work are deleted; default RESULT_RETENTION_DAYS'),
});
export const cleanupResultsOutputSchema = z.object({
  dry_run: z.boolean(),
  days: count,
  deleted_rows: count,
  /** Number of rows by table. */
  tables: z.record(z.string(), count),
});

export const vacuumDatabaseInputSchema = z.strictObject({ dryRun });
export const vacuumDatabaseOutputSchema = z.object({
  status: z.literal('completed'),
  dry_run: z.boolean(),
  tables: count,
  size_before_mb: megabytes,
  size_after_mb: megabytes,
  freed_space_mb: megabytes,
  /** Number of dead rows before the run: deleted rows that still take space. */
  dead_rows: count,
});

export const backupDatabaseInputSchema = z.strictObject({
  dryRun,
  keep: z.int().min(1).max(10_000).optional().describe('Newest backups that stay; default BACKUP_KEEP'),
});
export const backupDatabaseOutputSchema = z.object({
  status: z.literal('completed'),
  dry_run: z.boolean(),
  /** Reference to the backup; absent in a dry run. */
  backup: blobRefSchema.optional(),
  tables: count,
  rows: count,
  size_mb: megabytes,
  /** Tables that do not belong to Perennial and are not part of the backup. */
  other_tables: z.array(z.string()),
  /** Name of the newest migration of the database. */
  migration: z.string(),
  deleted_backups: count,
  freed_space_mb: megabytes,
});

/** Checks change nothing; they accept `dryRun` only because every task does. */
export const checkDiskSpaceInputSchema = z.strictObject({ dryRun });
export const checkDiskSpaceOutputSchema = z.object({
  status: z.enum(['ok', 'warning']),
  min_free_percent: z.number(),
  folders: z.array(
    z.object({
      name: z.string(),
      free_percent: z.number(),
      free_mb: megabytes,
      total_mb: megabytes,
      status: z.enum(['ok', 'warning']),
    }),
  ),
});

export const monitorQueueLengthsInputSchema = z.strictObject({ dryRun });
export const queueLengthSchema = z.object({
  queue: z.string(),
  /** Number of tasks that wait for a worker. */
  length: count,
  /** Age of the oldest waiting task, in seconds. */
  oldest_seconds: z.number().nonnegative(),
  /** Number of workers that polled the queue within the last 75 s. */
  workers: count,
  status: z.enum(['ok', 'warning']),
});
export const monitorQueueLengthsOutputSchema = z.object({
  status: z.enum(['ok', 'warning']),
  warn_length: count,
  total: count,
  queues: z.array(queueLengthSchema),
});

const runEnd = z.enum(['completed', 'failed', 'cancelled', 'terminated', 'timed-out', 'gone']);
const closedRowsSchema = z.array(z.object({ id: z.string(), end: runEnd }));
export const reconcileRunsInputSchema = z.strictObject({ dryRun });
export const reconcileRunsOutputSchema = z.object({
  dry_run: z.boolean(),
  /** Batches whose rows were closed, by the end of their runs. */
  batches: closedRowsSchema,
  imports: closedRowsSchema,
  /** Number of limit slots that were released. */
  freed_places: count,
  /** Number of documents outside of batches that were set back to `pending`. */
  freed_documents: count,
});

export const checkHealthInputSchema = z.strictObject({
  dryRun: dryRun.describe('Only look: the state is not kept and nobody is told'),
});
export const healthReportSchema = z.object({
  timestamp: z.iso.datetime(),
  status: z.enum(HEALTH_STATUSES),
  checks: z.record(z.string(), z.string()),
});

export const recordHealthInputSchema = z.object({
  /** Id of the check; recording the same check again changes nothing. */
  checkId: z.string().min(1).max(300),
  report: healthReportSchema,
});
export const healthChangeSchema = z.object({
  /** Business key of the message about the change. */
  key: z.string(),
  from: z.enum(HEALTH_STATUSES),
  report: healthReportSchema,
});
export const recordHealthOutputSchema = z.object({
  /** Changes that have not yet been reported to the administrator, oldest first. */
  changes: z.array(healthChangeSchema),
});

export const healthToldInputSchema = z.object({ key: z.string() });
export const healthToldOutputSchema = z.object({ key: z.string() });

export const sunriseInputSchema = z.strictObject({ dryRun });
export const sunriseOutputSchema = z.object({
  status: z.enum(['recorded', 'not-recorded']),
  /** Id of the run; several attempts record it once. */
  key: z.string(),
  ran_at: z.iso.datetime(),
});

/** Input and output of each task of the domain. */
export const housekeepingTaskSchemas = {
  'housekeeping.cleanupTempFiles': { input: cleanupTempFilesInputSchema, output: cleanupTempFilesOutputSchema },
  'housekeeping.cleanupOldOcrResults': {
    input: cleanupOldOcrResultsInputSchema,
    output: cleanupOldOcrResultsOutputSchema,
  },
  'housekeeping.cleanupOldFiles': { input: cleanupOldFilesInputSchema, output: cleanupOldFilesOutputSchema },
  'housekeeping.cleanupResults': { input: cleanupResultsInputSchema, output: cleanupResultsOutputSchema },
  'housekeeping.vacuumDatabase': { input: vacuumDatabaseInputSchema, output: vacuumDatabaseOutputSchema },
  'housekeeping.backupDatabase': { input: backupDatabaseInputSchema, output: backupDatabaseOutputSchema },
  'housekeeping.checkDiskSpace': { input: checkDiskSpaceInputSchema, output: checkDiskSpaceOutputSchema },
  'housekeeping.monitorQueueLengths': {
    input: monitorQueueLengthsInputSchema,
    output: monitorQueueLengthsOutputSchema,
  },
  'housekeeping.reconcileRuns': { input: reconcileRunsInputSchema, output: reconcileRunsOutputSchema },
  'housekeeping.checkHealth': { input: checkHealthInputSchema, output: healthReportSchema },
  'housekeeping.recordHealth': { input: recordHealthInputSchema, output: recordHealthOutputSchema },
  'housekeeping.healthTold': { input: healthToldInputSchema, output: healthToldOutputSchema },
  'housekeeping.sunrise': { input: sunriseInputSchema, output: sunriseOutputSchema },
} as const;

/** What the housekeeping domain contributes to the schemas. */
export const housekeepingSchemas = {
  tasks: housekeepingTaskSchemas,
  workflows: {
    [housekeepingWorkflows.healthCheck]: z.tuple([]),
    [housekeepingWorkflows.ping]: z.tuple([]),
  },
} as const satisfies DomainSchemas;

export type CleanupTempFilesInput = z.infer<typeof cleanupTempFilesInputSchema>;
export type CleanupTempFilesOutput = z.infer<typeof cleanupTempFilesOutputSchema>;
export type CleanupOldOcrResultsInput = z.infer<typeof cleanupOldOcrResultsInputSchema>;
export type CleanupOldOcrResultsOutput = z.infer<typeof cleanupOldOcrResultsOutputSchema>;
export type CleanupOldFilesInput = z.infer<typeof cleanupOldFilesInputSchema>;
export type CleanupOldFilesOutput = z.infer<typeof cleanupOldFilesOutputSchema>;
export type CleanupResultsInput = z.infer<typeof cleanupResultsInputSchema>;
export type CleanupResultsOutput = z.infer<typeof cleanupResultsOutputSchema>;
export type VacuumDatabaseInput = z.infer<typeof vacuumDatabaseInputSchema>;
export type VacuumDatabaseOutput = z.infer<typeof vacuumDatabaseOutputSchema>;
export type BackupDatabaseInput = z.infer<typeof backupDatabaseInputSchema>;
export type BackupDatabaseOutput = z.infer<typeof backupDatabaseOutputSchema>;
export type CheckDiskSpaceInput = z.infer<typeof checkDiskSpaceInputSchema>;
export type CheckDiskSpaceOutput = z.infer<typeof checkDiskSpaceOutputSchema>;
export type MonitorQueueLengthsInput = z.infer<typeof monitorQueueLengthsInputSchema>;
export type MonitorQueueLengthsOutput = z.infer<typeof monitorQueueLengthsOutputSchema>;
export type ReconcileRunsInput = z.infer<typeof reconcileRunsInputSchema>;
export type ReconcileRunsOutput = z.infer<typeof reconcileRunsOutputSchema>;
export type CheckHealthInput = z.infer<typeof checkHealthInputSchema>;
export type HealthReport = z.infer<typeof healthReportSchema>;
export type RecordHealthInput = z.infer<typeof recordHealthInputSchema>;
export type RecordHealthOutput = z.infer<typeof recordHealthOutputSchema>;
export type HealthChange = z.infer<typeof healthChangeSchema>;
export type HealthToldInput = z.infer<typeof healthToldInputSchema>;
export type HealthToldOutput = z.infer<typeof healthToldOutputSchema>;
export type SunriseInput = z.infer<typeof sunriseInputSchema>;
export type SunriseOutput = z.infer<typeof sunriseOutputSchema>;
