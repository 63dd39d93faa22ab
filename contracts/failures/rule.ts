/** The row type of the failure registry. */

/**
 * Class of a failure, which decides how it is treated.
 *
 * - `transient`: the same call may succeed later; it is retried by the task's policy.
 * - `throttled`: the other side asked to wait; it is retried after that delay.
 * - `permanent`: the input is wrong; it is never retried.
 * - `poison`: the input kills or blocks workers or exhausts their memory; it is never retried.
 * - `configuration`: the installation is wrong; it is not retried automatically, and an operator retries it after the repair.
 * - `unknown`: no rule foresees it; it is retried by the task's policy, because it may pass.
 */
export const failureClasses = ['transient', 'throttled', 'permanent', 'poison', 'configuration', 'unknown'] as const;

/** See {@link failureClasses}. */
export type FailureClass = (typeof failureClasses)[number];

/** Says whether failures of a class are retried by a rule that names none. */
export function isRetriedClass(kind: FailureClass): boolean {
  return kind === 'transient' || kind === 'throttled' || kind === 'unknown';
}

/** One row of the registry. */
export interface FailureRule {
  readonly class: FailureClass;
  /** HTTP status of an answer with this failure. @defaultValue the status of its class */
  readonly httpStatus?: number;
  /** What happened; printed in `docs/failures.md`. */
  readonly cause: string;
  /** What a person should do; printed in `docs/failures.md`. */
  readonly remedy: string;
}
