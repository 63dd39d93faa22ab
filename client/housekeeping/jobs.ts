/** Starts housekeeping tasks. */
import { randomUUID } from 'node:crypto';
import { housekeepingTaskSchemas } from '../../contracts/housekeeping/schema.ts';
import {
  findHousekeepingTask,
  HOUSEKEEPING_TASKS,
  housekeepingWorkflowId,
  housekeepingWorkflows,
  parseHousekeepingWorkflowId,
  type HousekeepingTaskName,
} from '../../contracts/housekeeping/vocabulary.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import type { healthCheck, runTask } from '../../workflows/index.ts';
import { NotFound } from '../connection/errors.ts';
import { jobHandle } from '../connection/handles.ts';
import type { HousekeepingInput, HousekeepingJobs, HousekeepingResult } from './types.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { ClientContext } from '../domain.ts';
import { jobNameSchema, startJob } from '../connection/start-job.ts';
import { validate } from '../connection/validate.ts';
import { indexedAs } from '../connection/search-attributes.ts';
import type { JobHandle } from '../connection/jobs.ts';

/** Binds housekeeping to a connection. */
export function createHousekeepingJobs({ rpc }: Pick<ClientContext, 'rpc'>): HousekeepingJobs {
  return {
    run: async <N extends HousekeepingTaskName>(task: N, input?: HousekeepingInput<N>) =>
      // The task returns what its schema says.
      (await start(rpc, task, input ?? {})) as JobHandle<HousekeepingResult<N>>,
    runNamed: async (name, input, options) => {
      const task = findHousekeepingTask(name);
      if (task === undefined) throw new NotFound(name, `task of housekeeping (${HOUSEKEEPING_TASKS.join(', ')})`);
      return start(rpc, task, input, options?.id);
    },
    get: (id) => {
      if (parseHousekeepingWorkflowId(id) === undefined) throw new NotFound(id, 'run of housekeeping');
      return jobHandle(rpc, id);
    },
  };
}

async function start(
  rpc: Rpc,
  task: HousekeepingTaskName,
  given: unknown,
  id: string = randomUUID(),
): Promise<JobHandle<unknown>> {
  const name = `housekeeping.${task}` as const;
  const input = validate(housekeepingTaskSchemas[name].input, given);
  const workflowId = housekeepingWorkflowId(task, validate(jobNameSchema, id, 'id'));
  const options = {
    workflowId,
    typedSearchAttributes: indexedAs({ task: name, root: workflowId }),
    staticSummary: `${name}, asked for by hand`,
    whenDone: 'keep',
  } as const;
  if (task === 'checkHealth' && !input.dryRun)
    await startJob<typeof healthCheck>(rpc, { ...options, workflow: housekeepingWorkflows.healthCheck, args: [] });
  else await startJob<typeof runTask>(rpc, { ...options, workflow: taskWorkflows.runTask, args: [name, input] });
  return jobHandle(rpc, workflowId);
}
