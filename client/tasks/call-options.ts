/** What a caller may say of a call. */
import type { Signature } from '../../canvas/signature/signature.ts';
import type { CommonCallOptions } from '../../contracts/tasks/calls.ts';

/**
 * Options of a call. Times are in seconds, as in Celery.
 *
 * @example
 * ```ts
 * import type { CallOptions } from './client/index.ts';
 *
 * const options: CallOptions = { idempotencyKey: 'order-4711', countdown: 30, expires: 3600, priority: 9 };
 * await perennial.task('samples.add').call({ a: 1, b: 2 }, options);
 * ```
 */
export interface CallOptions extends CommonCallOptions {
  /** Id of the task; a second call with it is treated as one with the same `idempotencyKey`. @defaultValue a new UUID */
  readonly id?: string | undefined;
  /** Key under which a second call of the same task returns the first run, whatever its state. With another input, tenant or link it throws `Conflict`. */
  readonly idempotencyKey?: string | undefined;
  /** Delay of the start, in seconds; it excludes `eta`. */
  readonly countdown?: number | undefined;
  /** Time of the start; a past one is refused. */
  readonly eta?: Date | string | undefined;
  /** Seconds from now, or the time, after which the task is no longer begun and becomes `REVOKED`. */
  readonly expires?: number | Date | string | undefined;
  /** One or several signatures that are called with the result; the builders of `canvas/` or Celery make them. */
  readonly link?: Signature | readonly Signature[] | undefined;
  /** One or several signatures that are called after the final failure. */
  readonly linkError?: Signature | readonly Signature[] | undefined;
}
