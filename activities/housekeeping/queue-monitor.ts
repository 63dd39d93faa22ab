/** Queries the lengths of the queues over the connection that the worker already has. */
import { Context } from '@temporalio/activity';
import proto from '@temporalio/proto';
import { activityQueues } from '../../contracts/register.schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { queues } from '../../contracts/queues/names.ts';
import { pollingProcesses } from '../../contracts/queues/pollers.ts';
import type { QueueLength, QueueMonitor } from '../../services/housekeeping/port.ts';

const { TaskQueueType } = proto.temporal.api.enums.v1;

const DEADLINE_MS = 5_000;

/** Queues that are queried at once, because the server must load a queue that was not used for a while. */
const AT_ONCE = 8;

/**
 * Creates the monitor of the queues that can hold tasks. It works inside an activity only, because it uses the
 * connection of that activity's worker.
 */
export function createQueueMonitor(): QueueMonitor {
  return {
    lengths: async (of = () => true) => {
      const names = [queues.workflows, ...activityQueues()].filter(of);
      const lengths: QueueLength[] = [];
      for (let at = 0; at < names.length; at += AT_ONCE)
        lengths.push(...(await Promise.all(names.slice(at, at + AT_ONCE).map(lengthOf))));
      return lengths;
    },
  };
}

async function lengthOf(queue: string): Promise<QueueLength> {
  const { client } = Context.current();
  const kind =
    queue === queues.workflows ? TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW : TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;
  try {
    const answer = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: queue },
        taskQueueType: kind,
        reportStats: true,
      }),
    );
    return {
      queue,
      length: Number(answer.stats?.approximateBacklogCount ?? 0),
      oldestSeconds: Number(answer.stats?.approximateBacklogAge?.seconds ?? 0),
      workers: pollingProcesses(answer.pollers, Date.now()).size,
    };
  } catch (error) {
    throw new PerennialError(
      'BackendUnavailable',
      `Expected the Temporal server to describe the queue ${queue}, got ${error instanceof Error ? error.name : 'an error'}.`,
      { cause: error },
    );
  }
}
