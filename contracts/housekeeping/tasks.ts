/** The rows that the housekeeping domain adds to the catalogue of tasks. */
import type {
  BackupDatabaseInput,
  BackupDatabaseOutput,
  CheckDiskSpaceInput,
  CheckDiskSpaceOutput,
  CheckHealthInput,
  CleanupOldFilesInput,
  CleanupOldFilesOutput,
  CleanupOldOcrResultsInput,
  CleanupOldOcrResultsOutput,
  CleanupResultsInput,
  CleanupResultsOutput,
  CleanupTempFilesInput,
  CleanupTempFilesOutput,
  HealthReport,
  HealthToldInput,
  HealthToldOutput,
  MonitorQueueLengthsInput,
  MonitorQueueLengthsOutput,
  ReconcileRunsInput,
  ReconcileRunsOutput,
  RecordHealthInput,
  RecordHealthOutput,
  SunriseInput,
  SunriseOutput,
  VacuumDatabaseInput,
  VacuumDatabaseOutput,
} from './schema.ts';
import { fourTimes180s, standardLimits, untilStoreIsBack } from '../tasks/policies.ts';
import { queues } from '../queues/names.ts';
import { taskRow, type TimeLimits } from '../tasks/definition.ts';
import type { RetryRule } from '../tasks/retry-rules.ts';
import { MINUTE_MS, SECOND_MS } from '../values/units.ts';

/** Limits of work whose duration grows with the amount of stored data. */
const longLimits: TimeLimits = {
  softMs: 120 * MINUTE_MS,
  hardMs: 130 * MINUTE_MS,
  heartbeatMs: 5 * SECOND_MS,
  reason: 'Grows with what is stored; two hours are far beyond what is usual.',
};

/** Names under which schedules and producers of Celery applications call a task. */
function celery(module: string, name: string): readonly string[] {
  return [`celery_app.tasks.${module}.${name}`];
}

/** Retries of a check that the schedule soon repeats anyway. */
export const lookAgainSoon: RetryRule = {
  attempts: 3,
  delayMs: 10 * SECOND_MS,
  reason: 'The schedule looks again within minutes: more attempts would only be late.',
};

export const housekeepingTasks = {
  cleanupTempFiles: taskRow<CleanupTempFilesInput, CleanupTempFilesOutput>()({
    name: 'housekeeping.cleanupTempFiles',
    aliases: celery('cleanup_tasks', 'cleanup_temp_files'),
    queue: queues.documentsLowPriority,
    purpose: 'Deletes files and folders of TEMP_DIR that are older than a day.',
    retry: fourTimes180s,
    limits: longLimits,
  }),
  cleanupOldOcrResults: taskRow<CleanupOldOcrResultsInput, CleanupOldOcrResultsOutput>()({
    name: 'housekeeping.cleanupOldOcrResults',
    aliases: celery('cleanup_tasks', 'cleanup_old_ocr_results'),
    parameters: ['days'],
    queue: queues.documentsLowPriority,
    purpose: 'Deletes completed and failed documents older than 90 days: first the rows, then their files.',
    retry: fourTimes180s,
    limits: longLimits,
  }),
  cleanupOldFiles: taskRow<CleanupOldFilesInput, CleanupOldFilesOutput>()({
    name: 'housekeeping.cleanupOldFiles',
    aliases: celery('cleanup_tasks', 'cleanup_old_files'),
    queue: queues.documentsLowPriority,
    purpose: 'Deletes stored files that no row names and files of work that is long finished.',
    retry: fourTimes180s,
    limits: longLimits,
  }),
  cleanupResults: taskRow<CleanupResultsInput, CleanupResultsOutput>()({
    name: 'housekeeping.cleanupResults',
    queue: queues.documentsLowPriority,
    purpose: 'Deletes records of batches and other work that finished long ago.',
    retry: fourTimes180s,
    limits: longLimits,
  }),
  vacuumDatabase: taskRow<VacuumDatabaseInput, VacuumDatabaseOutput>()({
    name: 'housekeeping.vacuumDatabase',
    aliases: celery('cleanup_tasks', 'vacuum_database'),
    queue: queues.documentsLowPriority,
    purpose: 'Frees the space of deleted rows and renews the statistics of the planner.',
    retry: fourTimes180s,
    limits: longLimits,
  }),
  backupDatabase: taskRow<BackupDatabaseInput, BackupDatabaseOutput>()({
    name: 'housekeeping.backupDatabase',
    aliases: celery('backup_tasks', 'backup_database'),
    queue: queues.documentsLowPriority,
    purpose: 'Stores a consistent copy of the database and deletes all but the newest ones.',
    retry: fourTimes180s,
    limits: longLimits,
  }),
  checkDiskSpace: taskRow<CheckDiskSpaceInput, CheckDiskSpaceOutput>()({
    name: 'housekeeping.checkDiskSpace',
    aliases: celery('monitoring_tasks', 'check_disk_space'),
    queue: queues.documentsDefault,
    purpose: 'Measures the free space of the disks; below 10 % is a warning.',
    retry: lookAgainSoon,
    limits: standardLimits,
  }),
  monitorQueueLengths: taskRow<MonitorQueueLengthsInput, MonitorQueueLengthsOutput>()({
    name: 'housekeeping.monitorQueueLengths',
    aliases: celery('monitoring_tasks', 'monitor_queue_lengths'),
    queue: queues.documentsDefault,
    purpose: 'Counts the waiting tasks and the workers of each queue.',
    retry: lookAgainSoon,
    limits: standardLimits,
  }),
  checkHealth: taskRow<CheckHealthInput, HealthReport>()({
    name: 'housekeeping.checkHealth',
    aliases: [...celery('monitoring_tasks', 'health_check'), ...celery('cleanup_tasks', 'health_check')],
    queue: queues.documentsDefault,
    purpose: 'Checks database, Temporal, blob store, disks and workers.',
    retry: lookAgainSoon,
    limits: standardLimits,
    keepOnRedrive: false,
  }),
  reconcileRuns: taskRow<ReconcileRunsInput, ReconcileRunsOutput>()({
    name: 'housekeeping.reconcileRuns',
    queue: queues.documentsDefault,
    purpose: 'Closes batches and imports whose runs have ended, and frees their files, places and documents.',
    retry: lookAgainSoon,
    limits: standardLimits,
  }),
  recordHealth: taskRow<RecordHealthInput, RecordHealthOutput>()({
    name: 'housekeeping.recordHealth',
    queue: queues.documentsDefault,
    purpose: 'Stores the state of health and returns whether it has changed.',
    retry: untilStoreIsBack,
    limits: standardLimits,
  }),
  healthTold: taskRow<HealthToldInput, HealthToldOutput>()({
    name: 'housekeeping.healthTold',
    queue: queues.documentsDefault,
    purpose: 'Notes that the administrator was told about a change of health.',
    retry: untilStoreIsBack,
    limits: standardLimits,
  }),
  sunrise: taskRow<SunriseInput, SunriseOutput>()({
    name: 'housekeeping.sunrise',
    aliases: celery('scheduled_tasks', 'sunrise_task'),
    queue: queues.documentsDefault,
    purpose: 'Records that it ran: the task of the sunrise schedule.',
    retry: untilStoreIsBack,
    limits: standardLimits,
  }),
} as const;
