/** Looking at queues and steering them. */
import type { Rate } from '../../contracts/queues/rates.ts';

/**
 * What a queue does.
 *
 * - `running`: workers take its tasks
 * - `paused`: calls are accepted and wait; what runs goes on to its end
 * - `draining`: calls are refused; workers go on until nothing is left
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
 * A queue as it stands.
 *
 * @example
 * ```ts
 * for (const { name, backlog, workers } of await perennial.queues.list()) console.log(name, backlog, workers);
 * ```
 */
export interface QueueView {
  readonly name: string;
  /** Where it comes from, for example `ocr-backend.ocr`; `null` for queues of our own. */
  readonly source: string | null;
  /** What its tasks have unless they say otherwise: 1 to 10, 10 first. */
  readonly priority: number;
  readonly state: QueueState;
  /** Why, by whom and since when it is in this state, as far as somebody said. */
  readonly reason: string | null;
  readonly by: string | null;
  /** ISO time. */
  readonly since: string | null;
  /** Starts that all workers together may make, for example `500/m`; `null` for as many as there are. */
  readonly rate: string | null;
  /** Why and by whom the rate was set, with whatever tool; `null` for what the table of queues says. */
  readonly rateReason: string | null;
  readonly rateBy: string | null;
  /** Tasks that wait, as the server estimates. */
  readonly backlog: number;
  /** Workers that ask for its tasks. */
  readonly workers: number;
}

/**
 * Who changes a queue, and why.
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
  /** @defaultValue the identity of the connection */
  readonly by?: string | undefined;
}

/**
 * Queues. Every change is recorded in the server with its reason, its author and its time.
 *
 * @example
 * ```ts
 * await perennial.queues.drain('documents.email', { reason: 'deployment' });
 * await perennial.queues.untilEmpty('documents.email', { timeoutMs: 60_000 });
 * await perennial.queues.resume('documents.email', { reason: 'deployed' });
 * ```
 */
export interface QueueControls {
  /** All queues that workers serve. */
  list(): Promise<readonly QueueView[]>;
  /** @throws PerennialError `UnknownQueue` */
  get(name: string): Promise<QueueView>;
  /** Workers take nothing more from it; calls wait. What runs goes on to its end. */
  pause(name: string, change: QueueChange): Promise<QueueView>;
  /** Ends a pause or a drain. */
  resume(name: string, change: QueueChange): Promise<QueueView>;
  /** Refuses new calls while workers go on until nothing is left. */
  drain(name: string, change: QueueChange): Promise<QueueView>;
  /** Waits until nothing waits in a queue. @throws Unavailable when the time is over */
  untilEmpty(name: string, options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal }): Promise<void>;
  /** Sets how many starts all workers together may make; `null` for what the table of queues says. */
  setRate(name: string, rate: Rate | null, change: QueueChange): Promise<QueueView>;
}
