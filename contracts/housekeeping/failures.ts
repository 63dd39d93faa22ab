/** Failures of the housekeeping domain. */
import type { FailureRule } from '../failures/rule.ts';

export const housekeepingFailures = {
  TempFolderUnsafe: {
    class: 'configuration',
    cause: 'TEMP_DIR is a folder, or holds a folder, that must not be emptied.',
    remedy: 'Set TEMP_DIR to a folder that holds nothing but temporary files.',
  },
  BackupUnreadable: {
    class: 'permanent',
    cause: 'The file is no backup, or not all of one.',
    remedy: 'Fetch the file again, or use another backup.',
  },
  BackupFromNewerVersion: {
    class: 'permanent',
    cause: 'The backup was made by a version of the product that this one does not know.',
    remedy: 'Restore it with the version that made it, or a later one.',
  },
  RestoreTargetNotEmpty: {
    class: 'permanent',
    cause: 'The database that a backup was to be restored into holds data already.',
    remedy: 'Create an empty database and name that one.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
