/** Which attempt the shell runs: that of the activity itself, of a call in a pack, or one without a server. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Context } from '@temporalio/activity';
import type { AttemptFacts } from '../../contracts/tasks/calls.ts';
import type { AttemptLog, TaskIdentity } from './attempt-log.ts';

/** What the shell has to know of any attempt. */
interface AttemptBase {
  /** From 1. */
  readonly attempt: number;
  readonly activityId: string;
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

/** One attempt, wherever it runs. */
export type Attempt = InlineAttempt | ServerAttempt;

const given = new AsyncLocalStorage<Attempt>();

/** The attempt that the caller is part of: the one given by {@link withAttempt}, else the running activity. */
export function currentAttempt(facts: AttemptFacts): Attempt {
  return given.getStore() ?? activityAttempt(Context.current(), facts);
}

/** Runs `work` as this attempt. */
export function withAttempt<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
  return given.run(attempt, work);
}

function activityAttempt(context: Context, { runId, attemptsBefore = 0 }: AttemptFacts): ServerAttempt {
  const { info } = context;
  return {
    inline: false,
    attempt: info.attempt + attemptsBefore,
    activityId: info.activityId,
    workflowId: runId ?? info.workflowExecution?.workflowId,
    queue: info.taskQueue,
    lastHeartbeat: info.heartbeatDetails,
    signal: context.cancellationSignal,
    heartbeat: (details) => {
      context.heartbeat(details);
    },
  };
}
