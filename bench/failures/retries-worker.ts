/** Runs the worker of the product with sample tasks of which every tenth call fails twice before it succeeds. */
import { shell } from '../../activities/shell/shell.ts';
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { sampleTasks } from '../../contracts/samples/tasks.ts';
import { createDomains } from '../../workers/domains/index.ts';
import { runBenchWorker } from '../bench-worker.ts';

await runBenchWorker({
  name: 'retries',
  activities: async (context) => {
    const failing = [sampleTasks.addOne, sampleTasks.addOneTiny].map((task) => [
      task.name,
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
      ),
    ]);
    return { ...(await createDomains(context)).activities, ...Object.fromEntries(failing) };
  },
});
process.exit(0);
