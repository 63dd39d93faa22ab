/**
 * Where a job stands, as the Temporal server knows it: true even when no worker is running.
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
 * A started job. Every method throws `NotFound` for an id that nobody started, and `Unavailable` when the server is away.
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
  /** The workflow id: what the Web UI and `temporal workflow show` call it. */
  readonly id: string;
  /**
   * Waits for the result, through restarts of the server.
   *
   * @throws PerennialError the job failed; `type`, class and message tell why
   * @throws Stopped the job was cancelled, terminated or ran out of time
   */
  result(options?: WaitOptions): Promise<Result>;
  status(): Promise<JobStatus>;
  /** Asks the job to stop; what is done stays done. Returns before it has stopped; harmless when it is over. */
  cancel(): Promise<void>;
}

/**
 * How long to wait.
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
  /** Gives up with `Unavailable` after this many milliseconds. @defaultValue for ever */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * How often and how long to look.
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
  /** Milliseconds between two looks. @defaultValue 500 */
  readonly intervalMs?: number;
  /** Milliseconds during which nobody may answer before `Unavailable` is thrown. @defaultValue 60,000 */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}
