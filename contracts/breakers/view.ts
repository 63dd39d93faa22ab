/** What operators see of a breaker, and what they change. */

/** State of a breaker: calls pass, calls wait, or one call probes while the others wait. */
export const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;

/**
 * See {@link BREAKER_STATES}.
 *
 * @example
 * ```ts
 * import type { BreakerState } from './client/index.ts';
 *
 * const waits = (state: BreakerState): boolean => state !== 'closed';
 * ```
 */
export type BreakerState = (typeof BREAKER_STATES)[number];

/** What changed a breaker. */
export const BREAKER_CHANGES = ['opened', 'closed'] as const;

/**
 * A breaker as it is now. Times are ISO 8601.
 *
 * @example
 * ```ts
 * import type { BreakerView } from './client/index.ts';
 *
 * const lineOf = ({ key, state, parked }: BreakerView): string => `${key} is ${state}, ${parked} calls wait`;
 * ```
 */
export interface BreakerView {
  readonly key: string;
  readonly state: BreakerState;
  /** Failures in a row. */
  readonly failures: number;
  /** Type of the last failure, or why somebody opened it; `null` when nothing is wrong. */
  readonly reason: string | null;
  /** Since when it is open; `null` while it is closed. */
  readonly since: string | null;
  readonly lastFailureAt: string | null;
  /** When a call may probe the provider; `null` while it is closed, and while somebody keeps it open. */
  readonly nextProbeAt: string | null;
  /** Until when the provider asked its callers to wait; `null` when it does not. */
  readonly throttledUntil: string | null;
  /** Calls that wait for the provider; those of one run are counted when the run asks again. */
  readonly parked: number;
}

/**
 * One change of a breaker, by a failure or a probe (`perennial`) or by a person.
 *
 * @example
 * ```ts
 * import type { BreakerEvent } from './client/index.ts';
 *
 * const lineOf = ({ at, change, by, reason }: BreakerEvent): string => `${at} ${change} by ${by}: ${reason}`;
 * ```
 */
export interface BreakerEvent {
  readonly at: string;
  readonly change: (typeof BREAKER_CHANGES)[number];
  readonly by: string;
  readonly reason: string;
}

/** Who sets a breaker, and why. */
export interface BreakerReason {
  readonly by: string;
  readonly reason: string;
}

/**
 * Breakers in the database, for whoever looks at them or sets them through a client; `createBreakerRecords` of
 * `services/breakers` implements it.
 *
 * @example
 * ```ts
 * import { connectPerennial, type BreakerRecords } from './client/index.ts';
 *
 * const connect = (breakerRecords: BreakerRecords) => connectPerennial({ address: 'localhost:7233', breakerRecords });
 * ```
 */
export interface BreakerRecords {
  /** Lists the breakers that are not closed first, each by its key. */
  list(): Promise<readonly BreakerView[]>;
  /** Returns one breaker; `undefined` for a key that no call has failed with. */
  find(key: string): Promise<BreakerView | undefined>;
  /** Lists the last changes of one breaker, the newest first. */
  changes(key: string, limit: number): Promise<readonly BreakerEvent[]>;
  /** Opens a breaker, known or not, until it is closed or, with a time, until a probe may succeed. */
  open(key: string, act: BreakerReason, forMs: number | undefined): Promise<void>;
  /** Closes a breaker and forgets its failures; returns `false` for an unknown key. */
  close(key: string, act: BreakerReason): Promise<boolean>;
}
