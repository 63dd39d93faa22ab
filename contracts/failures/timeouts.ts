/** What the time-outs of the server mean, by the names that the SDK gives them. */
import type { FailureType } from '../failures.ts';

/** A time-out of an activity in the words of the SDK. */
export type ServerTimeout = 'START_TO_CLOSE' | 'SCHEDULE_TO_START' | 'SCHEDULE_TO_CLOSE' | 'HEARTBEAT';

interface TimeoutMeaning {
  readonly type: FailureType;
  readonly message: string;
}

/** The soft limit is none of them: the worker itself ends the attempt then, as `TimeLimit`. */
export const serverTimeouts: Readonly<Record<ServerTimeout, TimeoutMeaning>> = {
  START_TO_CLOSE: { type: 'HardTimeLimit', message: 'The task ran into its hard time limit in every attempt.' },
  SCHEDULE_TO_CLOSE: { type: 'HardTimeLimit', message: 'The task ran into the time limit of all its attempts.' },
  // Only calls that expire have a limit on their time in the queue.
  SCHEDULE_TO_START: { type: 'TaskExpired', message: 'No worker began the task before it expired.' },
  HEARTBEAT: { type: 'WorkerLost', message: 'The worker stopped answering in every attempt at this task.' },
};
