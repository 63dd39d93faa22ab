/** The tasks of data: the rows that this domain adds to the catalogue. */
import { queues } from '../queues/names.ts';
import { taskRow } from '../tasks/definition.ts';
import { dataRetry } from '../tasks/policies.ts';
import { longLimits } from '../tasks/time-limits.ts';
import type { ProfileInput, ProfileOutput } from './schema.ts';

/** The names under which the Celery application calls a task. */
function celery(name: string): readonly string[] {
  return [`app.tasks.data_tasks.${name}`, name];
}

export const dataTasks = {
  profile: taskRow<ProfileInput, ProfileOutput>()({
    name: 'data.profile',
    purpose:
      'Reads an uploaded table once and reports each column: kinds, gaps, duplicates, outliers and what can be mended.',
    queue: queues.dataData,
    aliases: celery('process_file_upload'),
    parameters: ['userId', 'file', 'fileId'],
    retry: dataRetry,
    limits: longLimits,
  }),
} as const;
