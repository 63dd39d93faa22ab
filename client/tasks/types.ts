/** The interface of the tasks domain. */
import type { Signature } from '../../canvas/signature/signature.ts';
import type { TaskFilter } from '../../contracts/tasks/schema.ts';
import type { CommonCallOptions, TaskState } from '../../contracts/tasks/calls.ts';
import type { TaskInput, TaskName, TaskOutput } from '../../contracts/catalogue.ts';
import type { WaitOptions } from '../connection/jobs.ts';
import type {
  ExecuteRequest,
  Executed,
  ExecuteRegionalRequest,
  ExecutedRegional,
  RevokeOptions,
  Revoked,
  RevokedMany,
} from './requests.ts';

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
  /** Starts a task that may be started by name. @throws PerennialError `UnknownTask` */
  execute(request: ExecuteRequest): Promise<Executed>;
  /** Starts a task in a region. Otherwise as `execute`. @throws PerennialError `ResidencyViolation` */
  executeRegional(request: ExecuteRegionalRequest): Promise<ExecutedRegional>;
  /**
   * Retries a failed or revoked task in a new run with the queue, priority and tenant of the first. Each run has one retry;
   * to try a third time, retry the retry.
   *
   * @throws NotFound, PerennialError `MemberOfCanvas`, `RunNotOver`, `NothingFailed`, `QueueDraining`
   */
  retry<Result = unknown>(id: string, options?: RetryOptions): Promise<TaskHandle<Result>>;
  /** Lists tasks, newest first; the server's index lags slightly behind. */
  list(filter?: TaskFilter, options?: { readonly limit?: number }): Promise<readonly TaskSummary[]>;
  /** Revokes every task that matches and has not ended; the filter must not be empty. */
  revoke(filter: TaskFilter, options?: RevokeOptions): Promise<RevokedMany>;
}
