/** Requests and answers of calls by name and of revocations. */
import type { Region } from '../../contracts/queues/regions.ts';
import type { CallOptions } from './call-options.ts';

/**
 * A call by name, for administrators and for programs in other languages.
 *
 * @example
 * ```ts
 * import type { ExecuteRequest } from './client/index.ts';
 *
 * const request: ExecuteRequest = { task: 'samples.add', kwargs: { a: 1, b: 2 }, priority: 9 };
 * await perennial.tasks.execute(request);
 * ```
 */
export interface ExecuteRequest extends CallOptions {
  /** Name of the task, or its name in the source application. */
  readonly task: string;
  /** Positional arguments, in the order of the task's parameters. */
  readonly args?: readonly unknown[] | undefined;
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Priority, 1 to 10, 10 first. @defaultValue 5 */
  readonly priority?: number | undefined;
  /** Name of a queue, or its name in the OCR application. @defaultValue default, without a region */
  readonly queue?: string | undefined;
}

/**
 * A started call by name.
 *
 * @example
 * ```ts
 * const { id, queue } = await perennial.tasks.execute({ task: 'samples.add', args: [1, 2] });
 * console.log(id, queue);
 * ```
 */
export interface Executed {
  readonly id: string;
  /** Name under which it was called. */
  readonly task: string;
  readonly priority: number;
  readonly queue: string;
  /** Region that it really goes to; `null` for a call without one. */
  readonly region: Region | null;
}

/**
 * Options of a revocation.
 *
 * @example
 * ```ts
 * import type { RevokeOptions } from './client/index.ts';
 *
 * const options: RevokeOptions = { terminate: true };
 * await perennial.tasks.revoke({ task: 'samples.add' }, options);
 * ```
 */
export interface RevokeOptions {
  /**
   * Whether a running attempt is stopped by aborting its signal. Otherwise the running attempt ends normally, but is not
   * retried. @defaultValue false
   */
  readonly terminate?: boolean | undefined;
}

/**
 * Result of a revocation.
 *
 * @example
 * ```ts
 * const { terminated } = await perennial.tasks.get('id-of-the-task').revoke({ terminate: true });
 * console.log(terminated);
 * ```
 */
export interface Revoked {
  readonly status: 'revoked';
  readonly task_id: string;
  /** Whether a running attempt was told to stop. */
  readonly terminated: boolean;
}

/**
 * Result of the revocation of several tasks.
 *
 * @example
 * ```ts
 * const { matched } = await perennial.tasks.revoke({ tenant: 'acme' });
 * console.log(matched);
 * ```
 */
export interface RevokedMany {
  readonly status: 'revoked';
  /** Number of matching tasks that had not ended. */
  readonly matched: number;
  readonly terminated: boolean;
}
