/** Settings of what keeps the house clean. */
import path from 'node:path';
import { number, optional, type ValuesOf } from './entries.ts';

/** The longest that anything is kept, in days: a hundred years. */
const MAX_DAYS = 36_500;

export const housekeepingEntries = {
  TEMP_DIR: optional('an absolute path', (value) => path.isAbsolute(value), {
    doc: 'Folder of temporary files. It holds nothing else: what is older than a day is deleted (CLEAN-1).',
    defaultText: '`tmp` in STATE_DIR',
  }),
  DOCUMENT_RETENTION_DAYS: number(
    90,
    { min: 1, max: MAX_DAYS },
    { doc: 'Age at which completed and failed documents are deleted with their text and files.', unit: 'days' },
  ),
  FILE_RETENTION_DAYS: number(
    30,
    { min: 1, max: MAX_DAYS },
    {
      doc: 'Age at which stored files of finished work are deleted: lists of batches, outcomes, rejects.',
      unit: 'days',
    },
  ),
  RESULT_RETENTION_DAYS: number(
    30,
    { min: 1, max: MAX_DAYS },
    { doc: 'Age at which records of finished work are deleted: batches, imports, the ledger of mail.', unit: 'days' },
  ),
  BACKUP_KEEP: number(
    7,
    { min: 1, max: 10_000 },
    { doc: 'Backups of the database that are kept: the newest.', unit: 'backups' },
  ),
  DISK_MIN_FREE_PERCENT: number(
    10,
    { min: 0, max: 100, decimal: true },
    { doc: 'With less room than this on a disk, health is degraded.', unit: '%' },
  ),
  QUEUE_WARN_LENGTH: number(
    1_000,
    { min: 0, max: 1_000_000_000 },
    { doc: 'Above this many waiting tasks a queue is reported as too long.', unit: 'tasks' },
  ),
};

/** When what is old goes, and when little room or a long queue is a warning. */
export interface HousekeepingConfig {
  /** Absolute. */
  readonly tempDir: string;
  readonly documentRetentionDays: number;
  readonly fileRetentionDays: number;
  readonly resultRetentionDays: number;
  readonly backupKeep: number;
  readonly diskMinFreePercent: number;
  readonly queueWarnLength: number;
}

/** Groups the values of {@link housekeepingEntries}. */
export function housekeepingConfig(v: ValuesOf<typeof housekeepingEntries>, stateDir: string): HousekeepingConfig {
  return {
    tempDir: v.TEMP_DIR ?? path.join(stateDir, 'tmp'),
    documentRetentionDays: v.DOCUMENT_RETENTION_DAYS,
    fileRetentionDays: v.FILE_RETENTION_DAYS,
    resultRetentionDays: v.RESULT_RETENTION_DAYS,
    backupKeep: v.BACKUP_KEEP,
    diskMinFreePercent: v.DISK_MIN_FREE_PERCENT,
    queueWarnLength: v.QUEUE_WARN_LENGTH,
  };
}

/** The reverse of {@link housekeepingConfig}. */
export function housekeepingEnv(
  config: HousekeepingConfig,
): Record<keyof typeof housekeepingEntries, string | number | undefined> {
  return {
    TEMP_DIR: config.tempDir,
    DOCUMENT_RETENTION_DAYS: config.documentRetentionDays,
    FILE_RETENTION_DAYS: config.fileRetentionDays,
    RESULT_RETENTION_DAYS: config.resultRetentionDays,
    BACKUP_KEEP: config.backupKeep,
    DISK_MIN_FREE_PERCENT: config.diskMinFreePercent,
    QUEUE_WARN_LENGTH: config.queueWarnLength,
  };
}
