/** Counts the workers that are there. */
import proto from '@temporalio/proto';
import { activityQueues } from '../../contracts/catalogue.ts';
import { queues } from '../../contracts/queues/names.ts';
import type { Rpc } from '../connection/rpc.ts';

/**
 * A poller renews its long poll every minute; the server remembers it for
 * five. Counting only fresh ones notices a killed worker soon.
 */
const POLLER_FRESH_MS = 75_000;

const { TaskQueueType } = proto.temporal.api.enums.v1;

/** Worker processes that are polling; 0 as soon as one of the queues has none. @throws Unavailable */
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
  return perQueue.some((pollers) => pollers.length === 0) ? 0 : new Set(perQueue.flat()).size;
}
