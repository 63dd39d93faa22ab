/** The interface of the tasks domain. */
import type { TaskFilter } from '../../contracts/tasks/schema.ts';
import type { TaskState } from '../../contracts/tasks/calls.ts';
import type { TaskInput, TaskName, TaskOutput } from '../../contracts/catalogue.ts';
import type { WaitOptions } from '../connection/jobs.ts';
import type { CallOptions } from './call-options.ts';
import type { ExecuteRequest, Executed, RevokeOptions, Revoked, RevokedMany } from './requests.ts';

/**
 * State of a task, with Celery's field names.
 *
 * @example
 * ```ts
 * const { state, ready, result } = await perennial.tasks.get('id-of-the-task').status();
 * console.log(ready ? result : state);
 * ```
 */
export interface TaskInfo {
  readonly task_id: string;
  /** Name of the task; `null` for runs that are not a single task. */
  readonly task_name: string | null;
  readonly state: TaskState;
  /** Result of the task, or the message of its failure; else `null`. */
  readonly result: unknown;
  /** Stack of the failure; `null` when there is none. */
  readonly traceback: string | null;
  /** Details: `exc_type`, `exc_message` and `retry_count` of a retry, or worker and progress of a running attempt. */
  readonly info: unknown;
  readonly tenant: string | null;
  /** Whether the task has ended. */
  readonly ready: boolean;
  /** `null` until the task is over. */
  readonly successful: boolean | null;
  /** `null` until the task is over. */
  readonly failed: boolean | null;
}

/**
 * Options of a retry.
 *
 * @example
 * ```ts
 * import type { RetryOptions } from './client/index.ts';
 *
 * const corrected: RetryOptions = { input: { a: 1, b: 2 } };
 * await perennial.tasks.retry('id-of-the-task', corrected);
 * ```
 */
export interface RetryOptions {
  /** Another input. @defaultValue the input of the first run */
  readonly input?: unknown;
  /** Whether another input is refused for tasks that may not be started by name over HTTP. @defaultValue false */
  readonly externalOnly?: boolean | undefined;
}

/**
 * A called task. Every method throws `NotFound` for an unknown id, so that a
 * mistyped id does not look like waiting work.
 *
 * @example
 * ```ts
 * const handle = perennial.tasks.get<number>('id-of-the-task');
 * console.log(await handle.result({ timeoutMs: 10_000 }));
 * ```
 */
export interface TaskHandle<Result> {
  /** Id of the task, which is also its workflow id, unless the task is a call of a canvas. */
  readonly id: string;
  /**
   * Waits for the result, also across restarts of the server.
   *
   * @throws PerennialError the task failed; `type`, class and message tell why
   * @throws Stopped it was revoked
   */
  result(options?: WaitOptions): Promise<Result>;
  status(): Promise<TaskInfo>;
  /** Revokes the task. @throws Ended the task has ended */
  revoke(options?: RevokeOptions): Promise<Revoked>;
}

/**
 * A task that can be called, with the types of the catalogue.
 *
 * @example
 * ```ts
 * import type { TaskCaller } from './client/index.ts';
 *
 * const add: TaskCaller<{ a: number; b: number }, number> = perennial.task('samples.add');
 * const handle = await add.call({ a: 1, b: 2 });
 * ```
 */
export interface TaskCaller<In, Out> {
  readonly name: string;
  /**
   * Checks the call, starts the task and returns without waiting for the result.
   *
   * @throws InvalidInput with the path of each fault; nothing is started
   * @throws PerennialError `UnknownQueue`, `PayloadTooLarge`, `ResidencyViolation`, `QueueDraining`
   */
  call(input: In, options?: CallOptions): Promise<TaskHandle<Out>>;
}

/**
 * One task of a listing.
 *
 * @example
 * ```ts
 * for (const { task_id, state } of await perennial.tasks.list({ tenant: 'acme' })) console.log(task_id, state);
 * ```
 */
export interface TaskSummary {
  readonly task_id: string;
  readonly task_name: string | null;
  readonly tenant: string | null;
  /** State of the task. */
  readonly state: TaskState;
  /** ISO time. */
  readonly started_at: string;
}

/**
 * Options of a listing.
 *
 * @example
 * ```ts
 * import type { ListOptions } from './client/index.ts';
 *
 * const options: ListOptions = { limit: 10, system: true };
 * console.log(await perennial.tasks.list({}, options));
 * ```
 */
export interface ListOptions {
  /** Most tasks that are listed. @defaultValue 100 */
  readonly limit?: number | undefined;
  /**
   * Whether runs are listed that Perennial starts to keep itself in order, such as its audits. A filter by task or tag finds
   * them in any case.
   *
   * @defaultValue false
   */
  readonly system?: boolean | undefined;
}

/**
 * Which page of a listing is asked for.
 *
 * @example
 * ```ts
 * import type { TaskPageOptions } from './client/index.ts';
 *
 * const first: TaskPageOptions = { limit: 10 };
 * const { nextCursor } = await perennial.tasks.page({ tenant: 'acme' }, first);
 * ```
 */
export interface TaskPageOptions extends Pick<ListOptions, 'system'> {
  /** Most tasks of the page. */
  readonly limit: number;
  /** `nextCursor` of the page before. @defaultValue the first page */
  readonly cursor?: string | undefined;
}

/**
 * One page of a listing.
 *
 * @example
 * ```ts
 * const { items, nextCursor } = await perennial.tasks.page({ tenant: 'acme' }, { limit: 10 });
 * if (nextCursor !== null) await perennial.tasks.page({ tenant: 'acme' }, { limit: 10, cursor: nextCursor });
 * console.log(items.length);
 * ```
 */
export interface TaskPage {
  readonly items: readonly TaskSummary[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/**
 * Options of a stream of calls.
 *
 * @example
 * ```ts
 * import type { CallStreamOptions } from './client/index.ts';
 *
 * const options: CallStreamOptions = { maxWaitMs: 20 };
 * const stream = perennial.tasks.stream(options);
 * ```
 */
export interface CallStreamOptions {
  /** Longest wait of a call for others, in milliseconds, at most 1,000. @defaultValue 5 */
  readonly maxWaitMs?: number | undefined;
}

/**
 * A stream of calls. Calls that are made within a few milliseconds share a run on the server, which allows many calls per
 * second. Each call still has its own id (that of the run with an index), result, status and revocation.
 *
 * A call with an id or idempotency key, a countdown, an expiry, tags, links or
 * limits gets a run of its own, as without a stream.
 *
 * @example
 * ```ts
 * const stream = perennial.tasks.stream();
 * const calls = [1, 2, 3].map((a) => stream.call('samples.add', { a, b: 1 }));
 * await stream.flush();
 * for (const call of calls) console.log(await (await call).result());
 * ```
 */
export interface CallStream {
  /** Makes a call; the handle is returned once the server has accepted it. It throws as `tasks.call` does. */
  call<N extends TaskName>(name: N, input: TaskInput<N>, options?: CallOptions): Promise<TaskHandle<TaskOutput<N>>>;
  /** Sends the waiting calls, and resolves when the server has accepted or refused all of them. */
  flush(): Promise<void>;
}

/**
 * Calls tasks, and reads, lists, retries and revokes them.
 *
 * @example
 * ```ts
 * const handle = await perennial.tasks.call('samples.add', { a: 1, b: 2 });
 * console.log(await perennial.tasks.list({ task: 'samples.add' }, { limit: 10 }));
 * ```
 */
export interface TaskJobs {
  /** Returns the handle of a task, which may be a call of a canvas, without a request to the server. */
  get<Result = unknown>(id: string): TaskHandle<Result>;
  /** Calls a task whose name is only known at run time. Otherwise as `task(name).call`. @throws PerennialError `UnknownTask` */
  call(name: string, input: unknown, options?: CallOptions): Promise<TaskHandle<unknown>>;
  /** Opens a stream of calls, which need not be closed. @throws InvalidInput */
  stream(options?: CallStreamOptions): CallStream;
  /** Starts a task that may be started by name. Otherwise as `call`. @throws NotExternal, PerennialError `UnknownTask` */
  execute(request: ExecuteRequest): Promise<Executed>;
  /**
   * Retries a failed or revoked task in a new run with the queue, priority and tenant of the first. Each run has one retry;
   * to try a third time, retry the retry.
   *
   * @throws NotFound, PerennialError `MemberOfCanvas`, `RunNotOver`, `NothingFailed`, `QueueDraining`
   */
  retry<Result = unknown>(id: string, options?: RetryOptions): Promise<TaskHandle<Result>>;
  /** Lists tasks, newest first; the server's index lags slightly behind. */
  list(filter?: TaskFilter, options?: ListOptions): Promise<readonly TaskSummary[]>;
  /** Lists tasks page by page, newest first. @throws InvalidInput the cursor is none that a page gave */
  page(filter: TaskFilter, options: TaskPageOptions): Promise<TaskPage>;
  /** Revokes every task that matches and has not ended; the filter must not be empty. */
  revoke(filter: TaskFilter, options?: RevokeOptions): Promise<RevokedMany>;
}
