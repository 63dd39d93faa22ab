/** Counts the workers that are there, and asks whether they live. */
import proto from '@temporalio/proto';
import { activityQueues } from '../../contracts/catalogue.ts';
import { PING_WORKFLOW_ID, housekeepingWorkflows } from '../../contracts/housekeeping/vocabulary.ts';
import { queues } from '../../contracts/queues/names.ts';
import type { ping } from '../../workflows/index.ts';
import { NotFound, Unavailable } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';

/**
 * A poller renews its long poll every minute; the server remembers it for
 * five. Counting only fresh ones notices a killed worker soon.
 */
const POLLER_FRESH_MS = 75_000;

const { TaskQueueType } = proto.temporal.api.enums.v1;

/**
 * Worker processes that are polling; 0 as soon as one of the queues has none, and when none that decides answers: the
 * polls of a killed or stopped process stand for a minute.
 *
 * @throws Unavailable
 */
export async function countWorkers(rpc: Rpc): Promise<number> {
  const perQueue = await Promise.all(
    [queues.workflows, ...activityQueues].map(async (name) => {
      const kind =
        name === queues.workflows ? TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW : TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;
      const answer = await rpc.call(name, (client) =>
        client.workflowService.describeTaskQueue({
          namespace: client.options.namespace,
          taskQueue: { name },
          taskQueueType: kind,
        }),
      );
      const oldest = Date.now() / 1000 - POLLER_FRESH_MS / 1000;
      return answer.pollers
        .filter((poller) => Number(poller.lastAccessTime?.seconds ?? 0) >= oldest)
        .map((poller) => poller.identity);
    }),
  );
  if (perQueue.some((pollers) => pollers.length === 0)) return 0;
  return (await answers(rpc)) ? new Set(perQueue.flat()).size : 0;
}

/** The server may hand the first question to a worker that is gone: its poll is still open. */
const TRIES_MS = [1_000, 1_500];

/** Says whether a worker answers a question that goes through the queue of workflows. */
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

/** Every workflow answers this query, also when it has ended. */
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
    // The first time, and whenever the server has forgotten it: ended workflows are kept for a while only.
    await rpc.call(PING_WORKFLOW_ID, (client) =>
      client.workflow.start<typeof ping>(housekeepingWorkflows.ping, {
        workflowId: PING_WORKFLOW_ID,
        taskQueue: queues.workflows,
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [],
      }),
    );
    await query();
  }
}
