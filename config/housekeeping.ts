/** Settings of the housekeeping domain. */
import path from 'node:path';
import { mapped, number, optional } from './entries.ts';

/** Longest retention, in days: a hundred years. */
const MAX_DAYS = 36_500;

const isAbsolute = (folder: string): boolean => path.isAbsolute(folder);

export const housekeeping = {
  /** Absolute. */
  tempDir: mapped(
    optional('TEMP_DIR', 'an absolute path', isAbsolute, {
      doc: 'Folder of temporary files. It holds nothing else: what is older than a day is deleted.',
      defaultText: '`tmp` in STATE_DIR',
    }),
    (folder, { stateDir }) => folder ?? path.join(stateDir, 'tmp'),
  ),
  documentRetentionDays: number(
    'DOCUMENT_RETENTION_DAYS',
    90,
    { min: 1, max: MAX_DAYS },
    { doc: 'Age at which completed and failed documents are deleted with their text and files.', unit: 'days' },
  ),
  fileRetentionDays: number(
    'FILE_RETENTION_DAYS',
    30,
    { min: 1, max: MAX_DAYS },
    {
      doc: 'Age at which stored files of finished work are deleted: lists of batches, outcomes, rejects.',
      unit: 'days',
    },
  ),
  resultRetentionDays: number(
    'RESULT_RETENTION_DAYS',
    30,
    { min: 1, max: MAX_DAYS },
    { doc: 'Age at which records of finished work are deleted: batches, imports, the ledger of mail.', unit: 'days' },
  ),
  backupKeep: number(
    'BACKUP_KEEP',
    7,
    { min: 1, max: 10_000 },
    { doc: 'Backups of the database that are kept: the newest.', unit: 'backups' },
  ),
  diskMinFreePercent: number(
    'DISK_MIN_FREE_PERCENT',
    10,
    { min: 0, max: 100, decimal: true },
    { doc: 'With less room than this on a disk, health is degraded.', unit: '%' },
  ),
  queueWarnLength: number(
    'QUEUE_WARN_LENGTH',
    1_000,
    { min: 0, max: 1_000_000_000 },
    { doc: 'Above this many waiting tasks a queue is reported as too long.', unit: 'tasks' },
  ),
};
