/** Requests and answers of calls by name and of revocations. */
import type { Region } from '../../contracts/queues/regions.ts';

/**
 * A call by name, for administrators and for programs in other languages.
 *
 * @example
 * ```ts
 * import type { ExecuteRequest } from './client/index.ts';
 *
 * const request: ExecuteRequest = { task_name: 'samples.add', kwargs: { a: 1, b: 2 }, priority: 9 };
 * await perennial.tasks.execute(request);
 * ```
 */
export interface ExecuteRequest {
  readonly task_name: string;
  /** Priority, 1 to 10, 10 first. @defaultValue 5 */
  readonly priority?: number | undefined;
  /** Name of a queue, or its name in the OCR application. @defaultValue default */
  readonly queue?: string | undefined;
  /** Positional arguments, in the order of the task's parameters. */
  readonly args?: readonly unknown[] | undefined;
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Starts after so many seconds; excludes `eta`. */
  readonly countdown?: number | undefined;
  /** Starts at this time, as ISO 8601; without an offset it is UTC. */
  readonly eta?: string | undefined;
  /** Not begun any more after so many seconds from now, or after this time. */
  readonly expires?: number | string | undefined;
  /** A second call of the same task with the same key is the first one. */
  readonly key?: string | undefined;
}

/**
 * A started call by name.
 *
 * @example
 * ```ts
 * const { task_id, queue } = await perennial.tasks.execute({ task_name: 'samples.add', args: [1, 2] });
 * console.log(task_id, queue);
 * ```
 */
export interface Executed {
  readonly task_id: string;
  readonly task_name: string;
  readonly priority: number;
  readonly queue: string;
}

/**
 * A call by name for one region.
 *
 * @example
 * ```ts
 * import type { ExecuteRegionalRequest } from './client/index.ts';
 *
 * const request: ExecuteRegionalRequest = { task_name: 'samples.add', region: 'eu-west', args: [1, 2] };
 * await perennial.tasks.executeRegional(request);
 * ```
 */
export interface ExecuteRegionalRequest {
  readonly task_name: string;
  readonly region: string;
  readonly args?: readonly unknown[] | undefined;
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A started regional call with its actual region.
 *
 * @example
 * ```ts
 * const { region } = await perennial.tasks.executeRegional({
 *   task_name: 'operations.processEuData',
 *   region: 'eu-west',
 *   kwargs: { data_id: 'record-1' },
 * });
 * console.log(region);
 * ```
 */
export interface ExecutedRegional {
  readonly task_id: string;
  readonly region: Region;
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
