/** Housekeeping whose runs give what the test says. */
import { NotFound, type JobHandle } from '../../../client/index.ts';
import type { HousekeepingJobs } from '../../../client/housekeeping/types.ts';
import {
  findHousekeepingTask,
  housekeepingWorkflowId,
  parseHousekeepingWorkflowId,
} from '../../../contracts/housekeeping/vocabulary.ts';

export function fakeHousekeeping(
  log: (...call: unknown[]) => void,
  start: <T>(value: T) => Promise<T>,
  job: <T>(id: string) => JobHandle<T>,
): HousekeepingJobs {
  return {
    run: (task, input) => {
      log('housekeeping', task, input);
      return start(job(housekeepingWorkflowId(task, '1')));
    },
    runNamed: (name, input) => {
      const task = findHousekeepingTask(name);
      if (task === undefined) return Promise.reject(new NotFound(name, 'task of housekeeping'));
      log('housekeeping', task, input);
      return start(job(housekeepingWorkflowId(task, '1')));
    },
    get: (id) => {
      if (parseHousekeepingWorkflowId(id) === undefined) throw new NotFound(id, 'run of housekeeping');
      return job(id);
    },
  };
}
