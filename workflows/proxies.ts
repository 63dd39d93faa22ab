/** Turns catalogue rows into typed calls, so that no workflow writes a queue, time limit or retry policy. */
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { TaskDefinition } from '../contracts/tasks.ts';

/** How a task looks to a workflow. */
export type TaskCall<In, Out> = (input: In) => Promise<Out>;

/**
 * The typed call of one task.
 *
 * The policy's own interval serves only attempts that died without a word (a
 * killed worker): those start again within seconds. Attempts that fail with an
 * error carry their own delay, computed by the activity shell from the task's
 * retry rule.
 */
export function proxyTask<In, Out>(definition: TaskDefinition<string, In, Out>): TaskCall<In, Out> {
  const calls = proxyActivities<Record<string, TaskCall<In, Out>>>({
    taskQueue: definition.queue,
    startToCloseTimeout: definition.limits.hardMs,
    heartbeatTimeout: definition.limits.heartbeatMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      maximumAttempts: definition.retry.attempts,
      initialInterval: '1 second',
      backoffCoefficient: 2,
      maximumInterval: '30 seconds',
    },
  });
  const call = calls[definition.name];
  if (call === undefined) throw new TypeError(`no activity proxy for ${definition.name}`);
  return call;
}
