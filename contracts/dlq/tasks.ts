/** The rows that dead letters add to the catalogue of tasks; only workflows call them. */
import { queues } from '../queues/names.ts';
import { taskRow } from '../tasks/definition.ts';
import { untilStoreIsBack } from '../tasks/policies.ts';
import { MINUTE_MS, SECOND_MS } from '../values/units.ts';
import type { ReadStepsInput, ReadStepsOutput, RedriveRunsInput, RedriveRunsOutput } from './task-schemas.schema.ts';

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
  redriveRuns: taskRow<RedriveRunsInput, RedriveRunsOutput>()({
    name: 'dlq.redriveRuns',
    queue: queues.system,
    purpose: 'Starts the next failed runs of a redrive again, each once.',
    retry: untilStoreIsBack,
    limits: {
      softMs: 5 * MINUTE_MS,
      hardMs: 10 * MINUTE_MS,
      heartbeatMs: 5 * SECOND_MS,
      reason: 'Fifty runs at most: seconds as a rule, minutes for canvases with thousands of results.',
    },
    keepOnRedrive: false,
  }),
} as const;
