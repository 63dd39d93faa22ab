/** What a row of the failure registry is. */

/**
 * How a failure is treated.
 *
 * - `transient`: the same call may succeed later; retried by the task's policy.
 * - `throttled`: the other side asked to wait; retried after its own delay.
 * - `permanent`: the input is at fault; never retried.
 * - `poison`: the input harms whoever touches it (kills, hangs, explodes); never retried.
 * - `configuration`: the installation is at fault; never retried by itself, redrive after mending.
 */
export type FailureClass = 'transient' | 'throttled' | 'permanent' | 'poison' | 'configuration';

/** One row of the registry. */
export interface FailureRule {
  readonly class: FailureClass;
  /** Status of an answer over HTTP that carries the failure. @defaultValue that of its class */
  readonly httpStatus?: number;
  /** What happened, in the words of `docs/failures.md`. */
  readonly cause: string;
  /** What a person should do about it. */
  readonly remedy: string;
}
