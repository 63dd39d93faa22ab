/**
 * Status of a job by the Temporal server, which is correct even when no worker is running.
 *
 * @example
 * ```ts
 * import type { JobStatus } from './client/index.ts';
 *
 * const status: JobStatus = await perennial.documents.getBatch('invoices').status();
 * ```
 */
export type JobStatus = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out';

/**
 * A started job. Every method throws `NotFound` for an unknown id, and `Unavailable` when the server cannot be reached.
 *
 * @example
 * ```ts
 * import type { JobHandle } from './client/index.ts';
 *
 * async function stopAndSee(job: JobHandle<unknown>): Promise<string> {
 *   await job.cancel();
 *   return job.status();
 * }
 * ```
 */
export interface JobHandle<Result> {
  /** The workflow id, as in the Web UI and `temporal workflow show`. */
  readonly id: string;
  /**
   * Waits for the result, also across restarts of the server.
   *
   * @throws PerennialError the job failed; `type`, class and message tell why
   * @throws Stopped the job was cancelled, terminated or ran out of time
   */
  result(options?: WaitOptions): Promise<Result>;
  status(): Promise<JobStatus>;
  /** Requests cancellation of the job; finished work is kept. It resolves before the job has stopped, and does nothing after its end. */
  cancel(): Promise<void>;
}

/**
 * Options of a wait.
 *
 * @example
 * ```ts
 * import type { WaitOptions } from './client/index.ts';
 *
 * const options: WaitOptions = { timeoutMs: 30_000 };
 * console.log(await perennial.imports.get('customers-2026').result(options));
 * ```
 */
export interface WaitOptions {
  /** Time after which the wait throws `Unavailable`, in milliseconds. @defaultValue no limit */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Options for following a job.
 *
 * @example
 * ```ts
 * import type { FollowOptions } from './client/index.ts';
 *
 * const options: FollowOptions = { intervalMs: 2_000, signal: AbortSignal.timeout(60_000) };
 * for await (const { completed, total } of perennial.documents.getBatch('invoices').follow(options))
 *   console.log(`${completed} of ${total}`);
 * ```
 */
export interface FollowOptions {
  /** Time between two requests, in milliseconds. @defaultValue 500 */
  readonly intervalMs?: number;
  /** Time without an answer after which `Unavailable` is thrown, in milliseconds. @defaultValue 60,000 */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Names a job at its start.
 *
 * @example
 * ```ts
 * import type { JobName } from './client/index.ts';
 *
 * const name: JobName = { id: 'report-of-january' };
 * await perennial.reports.start({ kind: 'monthly', date: '2026-01-31' }, name);
 * ```
 */
export interface JobName {
  /** Id of the job. A later start with it is this job, and other content under it throws `Conflict`. @defaultValue a new id */
  readonly id?: string | undefined;
}
