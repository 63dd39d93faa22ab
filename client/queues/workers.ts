/** Counts polling workers and checks that one answers. */
import proto from '@temporalio/proto';
import { activityQueues } from '../../contracts/register.schema.ts';
import { PING_WORKFLOW_ID, housekeepingWorkflows } from '../../contracts/housekeeping/vocabulary.ts';
import { queues } from '../../contracts/queues/names.ts';
import { pollingProcesses } from '../../contracts/queues/pollers.ts';
import type { ping } from '../../workflows/index.ts';
import { NotFound, Unavailable } from '../connection/errors.ts';
import { SYSTEM_TAG } from '../../contracts/tasks/calls.ts';
import { indexedAs } from '../connection/search-attributes.ts';
import type { Rpc } from '../connection/rpc.ts';

const { TaskQueueType } = proto.temporal.api.enums.v1;

/**
 * Counts the polling worker processes. The count is 0 when a queue has none or when no workflow worker answers a query,
 * because polls of a killed process remain for a minute.
 *
 * @throws Unavailable
 */
export async function countWorkers(rpc: Rpc): Promise<number> {
  const perQueue = await Promise.all(
    [queues.workflows, ...activityQueues()].map(async (name) => {
      const kind =
        name === queues.workflows ? TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW : TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;
      const answer = await rpc.call(name, (client) =>
        client.workflowService.describeTaskQueue({
          namespace: client.options.namespace,
          taskQueue: { name },
          taskQueueType: kind,
        }),
      );
      return [...pollingProcesses(answer.pollers, Date.now())];
    }),
  );
  if (perQueue.some((pollers) => pollers.length === 0)) return 0;
  return (await answers(rpc)) ? new Set(perQueue.flat()).size : 0;
}

/** Deadlines of the queries, in milliseconds; the server may send the first one to a killed worker whose poll is still open. */
const TRIES_MS = [1_000, 1_500];

/** Tells whether a workflow worker answers a query. */
async function answers(rpc: Rpc): Promise<boolean> {
  for (const deadlineMs of TRIES_MS) {
    try {
      await ask(rpc, deadlineMs);
      return true;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  }
  return false;
}

/** A query that every workflow answers, even after its end. */
const METADATA_QUERY = '__temporal_workflow_metadata';

async function ask(rpc: Rpc, deadlineMs: number): Promise<void> {
  const query = (): Promise<unknown> =>
    rpc.call(
      PING_WORKFLOW_ID,
      (client) => client.workflow.getHandle(PING_WORKFLOW_ID).query(METADATA_QUERY),
      deadlineMs,
    );
  try {
    await query();
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    // The workflow does not exist yet, or the server has deleted it after its retention.
    await rpc.call(PING_WORKFLOW_ID, (client) =>
      client.workflow.start<typeof ping>(housekeepingWorkflows.ping, {
        workflowId: PING_WORKFLOW_ID,
        taskQueue: queues.workflows,
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [],
        typedSearchAttributes: indexedAs({
          task: housekeepingWorkflows.ping,
          root: PING_WORKFLOW_ID,
          tags: [SYSTEM_TAG],
        }),
        staticSummary: 'is queried to see that workers of workflows answer',
      }),
    );
    await query();
  }
}
