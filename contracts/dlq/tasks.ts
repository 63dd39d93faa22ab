/** The rows that dead letters add to the catalogue of tasks; only workflows call them. */
import { queues } from '../queues/names.ts';
import { taskRow } from '../tasks/definition.ts';
import { untilStoreIsBack } from '../tasks/policies.ts';
import { SECOND_MS } from '../values/units.ts';
import type { ReadStepsInput, ReadStepsOutput } from './task-schemas.schema.ts';

export const deadLetterTasks = {
  readSteps: taskRow<ReadStepsInput, ReadStepsOutput>()({
    name: 'dlq.readSteps',
    queue: queues.system,
    purpose: 'Gives a run that repeats a failed one the results of the steps that had succeeded, piece by piece.',
    retry: untilStoreIsBack,
    limits: {
      softMs: 60 * SECOND_MS,
      hardMs: 90 * SECOND_MS,
      heartbeatMs: 5 * SECOND_MS,
      reason: 'One row, and a look at each file that it names; the database may be away for a while.',
    },
    sealOutput: true,
    keepOnRedrive: false,
  }),
} as const;
