/** Calling single tasks: what a caller may say, and what it gets. */
import type { Signature } from '../../canvas/signature/signature.ts';
import type { TaskFilter } from '../../contracts/tasks/schema.ts';
import type { TaskState } from '../../contracts/tasks/calls.ts';
import type { TaskInput, TaskName, TaskOutput } from '../../contracts/catalogue.ts';
import type { CallLimit } from '../../contracts/limits/vocabulary.ts';
import type { RoutingOptions } from '../../contracts/queues/routing.ts';
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
 * What a call may say beside its input. Times are seconds, as in Celery.
 *
 * @example
 * ```ts
 * import type { CallOptions } from './client/index.ts';
 *
 * const options: CallOptions = { idempotencyKey: 'order-4711', countdown: 30, expires: 3600, priority: 9 };
 * await perennial.task('samples.add').call({ a: 1, b: 2 }, options);
 * ```
 */
export interface CallOptions {
  /** Id of the task; a second call with it is treated as one with the same `idempotencyKey`. @defaultValue a fresh UUID */
  readonly id?: string | undefined;
  /** A second call of the same task with the same key is the first one: it gives the first run, whatever became of it. With another input, tenant or link it throws `Conflict`. */
  readonly idempotencyKey?: string | undefined;
  /** Starts after so many seconds; excludes `eta`. */
  readonly countdown?: number | undefined;
  /** Starts at this moment; one that has passed is refused. */
  readonly eta?: Date | string | undefined;
  /** Not begun any more after so many seconds from now, or after this moment: then the task is `REVOKED`. */
  readonly expires?: number | Date | string | undefined;
  /** 1 to 10, 10 first. @defaultValue what the task or its queue says */
  readonly priority?: number | undefined;
  /** Another queue than the task's own. */
  readonly queue?: string | undefined;
  /** Only workers of this region take it. Unknown ones fall back to us-east with a warning. */
  readonly region?: string | undefined;
  /** Says that somebody waits for it; never an argument of the task. */
  readonly routing?: RoutingOptions | undefined;
  /** The result is not kept; failures are. @defaultValue false */
  readonly ignoreResult?: boolean | undefined;
  /** Seconds after which an attempt is asked to stop. @defaultValue the task's */
  readonly softTimeLimit?: number | undefined;
  /** Seconds after which an attempt is given up. @defaultValue the task's */
  readonly hardTimeLimit?: number | undefined;
  /** Sent along beside the input; readable by the task. */
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** Words to find the task by. */
  readonly tags?: readonly string[] | undefined;
  /** On whose behalf: tenants share the workers fairly, whatever the length of their backlogs. */
  readonly tenant?: string | undefined;
  /** Called with the result: a signature, as the builders of `canvas/` or Celery make it, or several. */
  readonly link?: Signature | readonly Signature[] | undefined;
  /** Called when the task has failed for good. */
  readonly linkError?: Signature | readonly Signature[] | undefined;
  /** Limits of rate and concurrency by key, beside those of the task. */
  readonly limits?: readonly CallLimit[] | undefined;
}

/**
 * What somebody who asks about a task is told. Named as Celery's users know it.
 *
 * @example
 * ```ts
 * const { state, ready, result } = await perennial.tasks.get('id-of-the-task').status();
 * console.log(ready ? result : state);
 * ```
 */
export interface TaskInfo {
  readonly task_id: string;
  /** `null` for runs that are no single task. */
  readonly task_name: string | null;
  readonly state: TaskState;
  /** What the task gave; the message of its failure in the states that are one; else `null`. */
  readonly result: unknown;
  /** The stack of the failure, where there is one. */
  readonly traceback: string | null;
  /** What is known besides: of a retry, `exc_type`, `exc_message`, `retry_count`; of a running attempt, its worker and progress. */
  readonly info: unknown;
  readonly tenant: string | null;
  /** The task is over. */
  readonly ready: boolean;
  /** `null` until the task is over. */
  readonly successful: boolean | null;
  /** `null` until the task is over. */
  readonly failed: boolean | null;
}

/**
 * How a task is run again.
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
  /** Another input. @defaultValue the one that it had */
  readonly input?: unknown;
  /** Refuses another input for tasks that may not be started by name over HTTP. @defaultValue false */
  readonly externalOnly?: boolean | undefined;
}

/**
 * A called task. Every method throws `NotFound` for an id that nobody started: a
 * mistyped id never looks like work to come.
 *
 * @example
 * ```ts
 * const handle = perennial.tasks.get<number>('id-of-the-task');
 * console.log(await handle.result({ timeoutMs: 10_000 }));
 * ```
 */
export interface TaskHandle<Result> {
  /** Also the id of its workflow in the Web UI. */
  readonly id: string;
  /**
   * Waits for the result, through restarts of the server.
   *
   * @throws PerennialError the task failed; `type`, class and message tell why
   * @throws Stopped it was revoked
   */
  result(options?: WaitOptions): Promise<Result>;
  status(): Promise<TaskInfo>;
  /** @throws Ended the task is over already */
  revoke(options?: RevokeOptions): Promise<Revoked>;
}

/**
 * A task that can be called; its types are those of the catalogue.
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
   * Checks everything, then starts the task and returns at once.
   *
   * @throws InvalidInput with the path of each fault; nothing was started
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
  /** As the server's index knows it: of a task that is not over, `PENDING`. */
  readonly state: TaskState;
  /** ISO time. */
  readonly started_at: string;
}

/**
 * How calls are coalesced.
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
  /** A call waits for others no longer, in milliseconds; 1,000 at most. @defaultValue 5 */
  readonly maxWaitMs?: number | undefined;
}

/**
 * Calls that are made within a few milliseconds of each other share a run on the
 * server, so that many a second can be made. Each is a task of its own, with its
 * id (that of the run, and its place), result, status and revocation.
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
  /** As `tasks.call`: the handle comes once the server has accepted the call. Throws as that does. */
  call<N extends TaskName>(name: N, input: TaskInput<N>, options?: CallOptions): Promise<TaskHandle<TaskOutput<N>>>;
  /** Sends what waits, and waits until the server has accepted or refused all of it. */
  flush(): Promise<void>;
}

/**
 * Tasks by id, by name and by what they have in common.
 *
 * @example
 * ```ts
 * const handle = await perennial.tasks.call('samples.add', { a: 1, b: 2 });
 * console.log(await perennial.tasks.list({ task: 'samples.add' }, { limit: 10 }));
 * ```
 */
export interface TaskJobs {
  /** The handle of a task. Does not ask the server. */
  get<Result = unknown>(id: string): TaskHandle<Result>;
  /** As `task(name).call`, for names that are not known beforehand. @throws PerennialError `UnknownTask` */
  call(name: string, input: unknown, options?: CallOptions): Promise<TaskHandle<unknown>>;
  /** Opens a stream of calls. Nothing needs to be closed. @throws InvalidInput */
  stream(options?: CallStreamOptions): CallStream;
  /** Starts a task that may be started from outside. @throws PerennialError `UnknownTask` */
  execute(request: ExecuteRequest): Promise<Executed>;
  /** As `execute`, in a region. @throws PerennialError `ResidencyViolation` */
  executeRegional(request: ExecuteRegionalRequest): Promise<ExecutedRegional>;
  /**
   * Runs a task that failed or was revoked again, in a new run with the queue,
   * priority and tenant of the first. The same run is repeated once; to try a
   * third time, repeat the repetition.
   *
   * @throws NotFound, PerennialError `RunNotOver`, `NothingFailed`, `QueueDraining`
   */
  retry<Result = unknown>(id: string, options?: RetryOptions): Promise<TaskHandle<Result>>;
  /** Newest first. The index is a moment behind. */
  list(filter?: TaskFilter, options?: { readonly limit?: number }): Promise<readonly TaskSummary[]>;
  /** Revokes every task under way that matches; the filter must not be empty. */
  revoke(filter: TaskFilter, options?: RevokeOptions): Promise<RevokedMany>;
}
