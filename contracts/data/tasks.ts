/** The tasks of data: the rows that this domain adds to the catalogue. */
import { queues } from '../queues/names.ts';
import { type KeyedLimit, taskRow } from '../tasks/definition.ts';
import { dataRetry } from '../tasks/policies.ts';
import { longLimits, queueLimits } from '../tasks/time-limits.ts';
import type { CleanupTempFilesInput, CleanupTempFilesOutput } from '../housekeeping/schema.ts';
import type {
  CleanInput,
  CleanOutput,
  ExportInput,
  ExportOutput,
  ProfileInput,
  ProfileOutput,
  UndoCleanInput,
  UndoCleanOutput,
} from './schema.ts';

/** The names under which the Celery application calls a task. */
function celery(name: string): readonly string[] {
  return [`app.tasks.data_tasks.${name}`, name];
}

const oneOfFile: KeyedLimit = {
  by: { field: 'fileId' },
  shared: 'data',
  concurrency: 1,
  reason: 'A second cleaning would mend what the first has not written yet.',
};

export const dataTasks = {
  cleanupTempFiles: taskRow<CleanupTempFilesInput, CleanupTempFilesOutput>()({
    name: 'data.cleanupTempFiles',
    purpose: 'Deletes files and folders of TEMP_DIR that are older than a day, beside those who read tables.',
    queue: queues.dataData,
    // Without its module, the name is that of housekeeping.
    aliases: ['app.tasks.data_tasks.cleanup_temp_files'],
    retry: dataRetry,
    limits: queueLimits(queues.dataData),
  }),
  profile: taskRow<ProfileInput, ProfileOutput>()({
    name: 'data.profile',
    purpose:
      'Reads an uploaded table once and reports each column: kinds, gaps, duplicates, outliers and what can be mended.',
    queue: queues.dataData,
    aliases: celery('process_file_upload'),
    parameters: ['userId', 'file', 'fileId'],
    retry: dataRetry,
    limits: queueLimits(queues.dataData),
  }),
  clean: taskRow<CleanInput, CleanOutput>()({
    name: 'data.clean',
    purpose: 'Applies suggested fixes to a table; the table before and each change are kept.',
    queue: queues.dataData,
    retry: dataRetry,
    limits: longLimits,
    keyedLimits: [oneOfFile],
  }),
  undoClean: taskRow<UndoCleanInput, UndoCleanOutput>()({
    name: 'data.undoClean',
    purpose: 'Puts the table from before a cleaning back.',
    queue: queues.dataData,
    retry: dataRetry,
    limits: longLimits,
    keyedLimits: [oneOfFile],
  }),
  export: taskRow<ExportInput, ExportOutput>()({
    name: 'data.export',
    purpose: 'Writes a table of a user as CSV, JSON lines, XLSX or Parquet.',
    queue: queues.dataData,
    aliases: celery('export_data'),
    parameters: ['userId', 'fileId', 'format'],
    retry: dataRetry,
    limits: queueLimits(queues.dataData),
  }),
} as const;
