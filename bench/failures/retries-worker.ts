/** Runs the worker of the product with sample tasks of which every tenth call fails twice before it succeeds. */
import type { Activity } from '../../activities/shell/activity.ts';
import { shell } from '../../activities/shell/shell.ts';
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { sampleTasks } from '../../contracts/samples/tasks.ts';
import { createDomains } from '../../workers/domains/index.ts';
import { runBenchWorker } from '../bench-worker.ts';

type Counted = typeof sampleTasks.addOne | typeof sampleTasks.addOneTiny;

await runBenchWorker({
  name: 'retries',
  activities: async (context) => {
    const failing = (task: Counted): Activity =>
      shell(
        task,
        taskSchemas[task.name],
        ({ data }, { attempt }) => {
          // Negative numbers are those of the group that has failures.
          if (data < 0 && data % 10 === 0 && attempt < 3)
            throw new PerennialError('BackendUnavailable', 'the provider is away');
          return Promise.resolve(data + 1);
        },
        context.shell,
      );
    const { addOne, addOneTiny } = sampleTasks;
    return {
      ...(await createDomains(context)).activities,
      [addOne.name]: failing(addOne),
      [addOneTiny.name]: failing(addOneTiny),
    };
  },
});
process.exit(0);
