/** The attempt that the shell runs: an activity's own, that of a call in a pack, or one without a server. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Context } from '@temporalio/activity';
import { memberOfActivity } from '../../contracts/canvas/members.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import type { AttemptFacts } from '../../contracts/tasks/calls.ts';
import type { AttemptLog, TaskIdentity } from './attempt-log.ts';

/** The fields that every attempt has. */
interface AttemptBase {
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /** Id of the task: that of a call, else made of those of workflow and activity. */
  readonly taskId: string;
  readonly queue: string;
  readonly lastHeartbeat: unknown;
  readonly signal: AbortSignal;
  readonly heartbeat: (details: unknown) => void;
}

/** One attempt without a server. */
export interface InlineAttempt extends AttemptBase {
  readonly inline: true;
  readonly log: (task: TaskIdentity) => AttemptLog;
  readonly workflowId: string;
}

/** One attempt for a server. */
export interface ServerAttempt extends AttemptBase {
  readonly inline: false;
  readonly log?: undefined;
  readonly workflowId: string | undefined;
}

/** An attempt of any kind. */
export type Attempt = InlineAttempt | ServerAttempt;

const given = new AsyncLocalStorage<Attempt>();

/**
 * Returns the attempt that the caller is part of: the one set by {@link withAttempt}, otherwise the running activity.
 */
export function currentAttempt(facts: AttemptFacts): Attempt {
  return given.getStore() ?? activityAttempt(Context.current(), facts);
}

/** Runs `work` as part of this attempt. */
export function withAttempt<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
  return given.run(attempt, work);
}

function activityAttempt(context: Context, { runId, attemptsBefore = 0, lastHeartbeat }: AttemptFacts): ServerAttempt {
  const { info } = context;
  return {
    inline: false,
    attempt: info.attempt + attemptsBefore,
    taskId: taskIdOf(info),
    workflowId: runId ?? info.workflowExecution?.workflowId,
    queue: info.taskQueue,
    lastHeartbeat: (info.heartbeatDetails as unknown) ?? lastHeartbeat,
    signal: context.cancellationSignal,
    heartbeat: (details) => {
      context.heartbeat(details);
    },
  };
}

/** A run of a single task has the id of the task. */
function taskIdOf({ activityId, workflowExecution, workflowType }: Context['info']): string {
  const { workflowId = 'none' } = workflowExecution ?? {};
  return (
    memberOfActivity(activityId) ??
    (workflowType === taskWorkflows.runTask ? workflowId : `${workflowId}/${activityId}`)
  );
}
