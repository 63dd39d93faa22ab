/** Turns catalogue rows into typed calls, so that no workflow writes a queue, time limit or retry policy. */
import type { Priority } from '@temporalio/common';
import { ActivityCancellationType, type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { AttemptFacts } from '../../contracts/tasks/calls.ts';
import type { TaskDefinition, TimeLimits } from '../../contracts/tasks/definition.ts';
import { marked } from '../../contracts/values/sealed.ts';

/** How a task looks to a workflow. */
export type TaskCall<In, Out> = (input: In) => Promise<Out>;

/** What one call may say otherwise than the task's row. */
export interface CallOverrides extends AttemptFacts {
  /** The queue, with its region where there is one. */
  readonly queue?: string | undefined;
  /** Priority in the server's own terms; absent fields are inherited from the workflow. */
  readonly priority?: Priority | undefined;
  readonly hardMs?: number | undefined;
  /** Attempts in all, the first included. */
  readonly attempts?: number | undefined;
  /** The task fails with `TaskExpired` when no worker has begun it after so many milliseconds. */
  readonly expiresInMs?: number | undefined;
  /** Id of the activity. @defaultValue the SDK numbers it */
  readonly activityId?: string | undefined;
  /** One line that the Web UI shows beside the activity. */
  readonly summary?: string | undefined;
}

type TaskFunction<In, Out> = (input: In, facts?: AttemptFacts) => Promise<Out>;

/**
 * The typed call of one task.
 *
 * The policy's own interval serves only attempts that ended without an error (a
 * killed worker): those start again within seconds. Attempts that fail with an
 * error carry their own delay, computed by the activity shell from the task's
 * retry rule.
 */
export function proxyTask<In, Out>(
  definition: TaskDefinition<string, In, Out>,
  overrides: CallOverrides = {},
): TaskCall<In, Out> {
  const calls = proxyActivities<Record<string, TaskFunction<In, Out>>>(activityOptions(definition, overrides));
  const call = calls[definition.name];
  if (call === undefined) throw new TypeError(`no activity proxy for ${definition.name}`);
  const facts = attemptFacts(overrides);
  // The shell takes a marked input for the input itself.
  const sent = (input: In): In => (definition.sealInput === true ? (marked(input) as In) : input);
  return facts === undefined ? (input) => call(sent(input)) : (input) => call(sent(input), facts);
}

function activityOptions(
  definition: { queue: string } & Pick<TaskDefinition<string, never, never>, 'limits' | 'retry'>,
  overrides: CallOverrides,
): ActivityOptions {
  const { queue, priority, hardMs, attempts, expiresInMs, activityId, summary } = overrides;
  return {
    taskQueue: queue ?? definition.queue,
    startToCloseTimeout: hardMs ?? definition.limits.hardMs,
    heartbeatTimeout: definition.limits.heartbeatMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      maximumAttempts: attempts ?? definition.retry.attempts,
      initialInterval: '1 second',
      backoffCoefficient: 2,
      maximumInterval: '30 seconds',
    },
    ...(priority === undefined ? {} : { priority }),
    ...(expiresInMs === undefined ? {} : { scheduleToStartTimeout: expiresInMs }),
    ...(activityId === undefined ? {} : { activityId }),
    ...(summary === undefined ? {} : { summary }),
  };
}

/** Facts that the activity shell needs beside the input; none for most calls, so that their histories stay small. */
function attemptFacts({ softMs, tenant, headers, runId, attemptsBefore }: AttemptFacts): AttemptFacts | undefined {
  const facts = { softMs, tenant, headers, runId, attemptsBefore };
  return Object.values(facts).every((fact) => fact === undefined) ? undefined : facts;
}

/** A soft limit of its own for a call whose hard limit leaves no time for the task's. */
export function softLimit(
  limits: TimeLimits,
  softMs: number | undefined,
  hardMs: number | undefined,
): number | undefined {
  if (softMs !== undefined || hardMs === undefined || hardMs > limits.softMs) return softMs;
  return Math.max(1, Math.floor(hardMs * SOFT_SHARE));
}

/** Of a hard limit: the time that remains to clean up is the rest. */
const SOFT_SHARE = 0.9;
