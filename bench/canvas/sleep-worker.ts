/**
 * Runs the worker of the product with a task that sleeps and leaves traces, which replaces the sample that stands for
 * the processing of a file. Two of its activities run at once, because the peer has two processes.
 */
import path from 'node:path';
import { shell } from '../../activities/shell/shell.ts';
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { sampleTasks } from '../../contracts/samples/tasks.ts';
import { createDomains } from '../../workers/domains/index.ts';
import { fleetOf } from '../../workers/fleets.ts';
import { runBenchWorker } from '../bench-worker.ts';
import { sleepAndLeaveTraces, TRACES_FOLDER } from './traces.ts';

const AT_ONCE = 2;
const task = sampleTasks.processFile;

await runBenchWorker({
  name: 'sleep',
  activities: async (context) => {
    const traces = path.join(context.config.stateDir, TRACES_FOLDER);
    const sleeping = shell(
      task,
      taskSchemas[task.name],
      async ({ file_id }) => {
        await sleepAndLeaveTraces(traces, file_id);
        return { file_id, status: 'processed' as const };
      },
      context.shell,
    );
    return { ...(await createDomains(context)).activities, [task.name]: sleeping };
  },
  fleet: ({ documents }) => {
    const fleet = fleetOf('all', documents.ocr.processes);
    const activities = fleet.activities.map((row) => (row.queue === task.queue ? { ...row, slots: AT_ONCE } : row));
    return { ...fleet, activities };
  },
});
process.exit(0);
