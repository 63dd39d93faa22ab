/** What is asked of tasks by name and in bulk, and what is answered. */
import type { Region } from '../../contracts/queues/regions.ts';

/**
 * A call by name, as administrators and other languages make it.
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
  /** @defaultValue 5 */
  readonly priority?: number | undefined;
  /** Name of a queue, or the source's own word for it. @defaultValue default */
  readonly queue?: string | undefined;
  /** Positional arguments, in the order of the task's parameters. */
  readonly args?: readonly unknown[] | undefined;
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
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
 * A started regional call: the region it really went to.
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
 * How a task is stopped.
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
   * Stops a running attempt as well: its signal is aborted. Without it a task
   * that has begun goes on to its end, but is not tried again. @defaultValue false
   */
  readonly terminate?: boolean | undefined;
}

/**
 * What became of a revocation.
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
  /** Whether running work was told to stop as well. */
  readonly terminated: boolean;
}

/**
 * What became of the revocation of many.
 *
 * @example
 * ```ts
 * const { matched } = await perennial.tasks.revoke({ tenant: 'acme' });
 * console.log(matched);
 * ```
 */
export interface RevokedMany {
  readonly status: 'revoked';
  /** Tasks that were under way and match. */
  readonly matched: number;
  readonly terminated: boolean;
}
