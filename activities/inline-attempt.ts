/** How the shell learns that it runs without a server. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { AttemptLog, TaskIdentity } from './shell.ts';

/** One attempt without a server. */
export interface InlineAttempt {
  readonly inline: true;
  readonly log: (task: TaskIdentity) => AttemptLog;
  readonly attempt: number;
  readonly activityId: string;
  readonly workflowId: string;
  readonly queue: string;
  readonly lastHeartbeat: unknown;
  readonly signal: AbortSignal;
  heartbeat(details: unknown): void;
}

const current = new AsyncLocalStorage<InlineAttempt>();

/** The attempt that the caller is part of; `undefined` in a worker. */
export function inlineAttempt(): InlineAttempt | undefined {
  return current.getStore();
}

/** Runs `work` as an attempt without a server. */
export function withInlineAttempt<T>(attempt: InlineAttempt, work: () => Promise<T>): Promise<T> {
  return current.run(attempt, work);
}
