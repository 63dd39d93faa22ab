/** Runs the worker of the product with a pipeline of ten steps, whose calls are counted, and notes dead letters. */
import { appendFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { shell } from '../../activities/shell/shell.ts';
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { sampleTasks } from '../../contracts/samples/tasks.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { createDomains } from '../../workers/domains/index.ts';
import { runBenchWorker } from '../bench-worker.ts';

const task = sampleTasks.addOne;

await runBenchWorker({
  name: 'redrive',
  workflowBundle: await bundleWorkflows(fileURLToPath(new URL('redrive-workflows.ts', import.meta.url))),
  looksAfterRuns: true,
  activities: async (context) => {
    const { stateDir } = context.config;
    const [calls, away] = [path.join(stateDir, 'calls'), path.join(stateDir, 'away')];
    const counted = shell(
      task,
      taskSchemas[task.name],
      ({ data }) => {
        appendFileSync(calls, '.');
        if (data % 10 === 9 && existsSync(away)) throw new PerennialError('FileMissing', 'the provider is away');
        return Promise.resolve(data + 1);
      },
      context.shell,
    );
    return { ...(await createDomains(context)).activities, [task.name]: counted };
  },
});
process.exit(0);
