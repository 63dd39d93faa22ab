/** The activities of dead letters: one body for each row of `contracts/dlq/tasks.ts`. */
import { deadLetterTasks } from '../../contracts/dlq/tasks.ts';
import { deadLetterSchemas } from '../../contracts/dlq/task-schemas.schema.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import { filesOf, isThere } from './files.ts';
import type { DeadLetterPorts } from './ports.ts';

/** Creates the activities of dead letters. Every one may run twice. */
export const createDeadLetterActivities = activitiesOf(
  deadLetterTasks,
  deadLetterSchemas.tasks,
  ({ steps, blobs, redriveRuns }: DeadLetterPorts) => ({
    readSteps: async ({ piece, ...run }) => {
      const found = await steps(run, piece);
      const usable = [];
      for (const step of found ?? []) {
        const files = filesOf(step.value);
        const there = await Promise.all(files.map((file) => isThere(blobs, file)));
        // What made the files that are gone makes them again.
        if (!there.includes(false)) usable.push(step);
      }
      return { steps: usable, more: found !== undefined };
    },
    redriveRuns: (input, { signal }) => redriveRuns(input, signal),
  }),
);
