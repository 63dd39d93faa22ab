/** How the shell learns which attempt it runs where that is not the activity itself: without a server, or in a pack. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { AttemptLog, TaskIdentity } from './attempt-log.ts';

/** What the shell has to know of any attempt. */
interface AttemptBase {
  /** From 1. */
  readonly attempt: number;
  readonly activityId: string;
  readonly queue: string;
  readonly lastHeartbeat: unknown;
  readonly signal: AbortSignal;
  heartbeat(details: unknown): void;
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

const current = new AsyncLocalStorage<InlineAttempt | ServerAttempt>();

/** The attempt that the caller is part of; `undefined` where it is an activity of its own. */
export function givenAttempt(): InlineAttempt | ServerAttempt | undefined {
  return current.getStore();
}

/** Runs `work` as this attempt. */
export function withAttempt<T>(attempt: InlineAttempt | ServerAttempt, work: () => Promise<T>): Promise<T> {
  return current.run(attempt, work);
}
