/** The interface for reading and controlling queues. */
import type { Rate } from '../../contracts/queues/rates.ts';

/**
 * State of a queue.
 *
 * - `running`: workers execute its tasks
 * - `paused`: calls are accepted and wait; running tasks end normally
 * - `draining`: calls are refused; workers continue until the queue is empty
 *
 * @example
 * ```ts
 * import type { QueueState } from './client/index.ts';
 *
 * const state: QueueState = (await perennial.queues.get('documents.email')).state;
 * ```
 */
export type QueueState = 'running' | 'paused' | 'draining';

/**
 * State and load of a queue.
 *
 * @example
 * ```ts
 * for (const { name, backlog, workers } of await perennial.queues.list()) console.log(name, backlog, workers);
 * ```
 */
export interface QueueView {
  readonly name: string;
  /** Celery queue that it replaces, for example `ocr-backend.ocr`; `null` when there is none. */
  readonly source: string | null;
  /** Default priority of its tasks: 1 to 10, 10 first. */
  readonly priority: number;
  readonly state: QueueState;
  /** Reason for the state, if given. */
  readonly reason: string | null;
  readonly by: string | null;
  /** ISO time. */
  readonly since: string | null;
  /** Most starts of all workers together, for example `500/m`; `null` without a limit. */
  readonly rate: string | null;
  /** Reason and author of the rate; `null` for the rate of the table of queues. */
  readonly rateReason: string | null;
  readonly rateBy: string | null;
  /** The server's estimate of the waiting tasks. */
  readonly backlog: number;
  /** Number of workers that poll the queue. */
  readonly workers: number;
}

/**
 * Reason and author of a change.
 *
 * @example
 * ```ts
 * import type { QueueChange } from './client/index.ts';
 *
 * const change: QueueChange = { reason: 'the mail server moves', by: 'ada' };
 * await perennial.queues.pause('documents.email', change);
 * ```
 */
export interface QueueChange {
  readonly reason: string;
  /** Author. @defaultValue the identity of the connection */
  readonly by?: string | undefined;
}

/**
 * Reads and controls queues. The server records every change with its reason, author and time.
 *
 * @example
 * ```ts
 * await perennial.queues.drain('documents.email', { reason: 'deployment' });
 * await perennial.queues.untilEmpty('documents.email', { timeoutMs: 60_000 });
 * await perennial.queues.resume('documents.email', { reason: 'deployed' });
 * ```
 */
export interface QueueControls {
  /** Lists all queues that workers serve. */
  list(): Promise<readonly QueueView[]>;
  /** Returns one queue. @throws PerennialError `UnknownQueue` */
  get(name: string): Promise<QueueView>;
  /** Stops the start of tasks; calls are accepted and wait, and running tasks end normally. */
  pause(name: string, change: QueueChange): Promise<QueueView>;
  /** Ends a pause or a drain. */
  resume(name: string, change: QueueChange): Promise<QueueView>;
  /** Refuses new calls while workers finish the waiting tasks. */
  drain(name: string, change: QueueChange): Promise<QueueView>;
  /** Waits until a queue is empty. @throws Unavailable the time is over */
  untilEmpty(name: string, options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal }): Promise<void>;
  /** Sets the rate limit of all workers together; `null` restores the rate of the table of queues. */
  setRate(name: string, rate: Rate | null, change: QueueChange): Promise<QueueView>;
}
