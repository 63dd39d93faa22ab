import type { Signature } from '../../canvas/signature/signature.ts';
import type { CanvasCallInput } from '../../contracts/canvas/schema.ts';
import type {
  CanvasFailedMember,
  CanvasProgress,
  CanvasTreeNode,
  CanvasTreeQuery,
} from '../../contracts/canvas/views.ts';
import type { CanvasApprovals } from './approvals.ts';
import type { JobHandle, JobStatus } from '../connection/jobs.ts';
import type { Gives, TypedSignature } from '../../canvas/build/typed.ts';

/**
 * How a canvas is started.
 *
 * @example
 * ```ts
 * import type { CanvasStart } from './client/index.ts';
 *
 * const start: CanvasStart = { id: 'nightly', tenant: 'acme' };
 * await perennial.canvas.runJson({ task: 'samples.add', args: [1, 2] }, start);
 * ```
 */
export interface CanvasStart extends CanvasCallInput {
  /** Name of the run: the same name is the same run, and another canvas under it throws `Conflict`. @defaultValue a new one */
  readonly id?: string | undefined;
  readonly tenant?: string | undefined;
  /** Refuses tasks that may not be started by name over HTTP. @defaultValue false */
  readonly externalOnly?: boolean | undefined;
}

/**
 * Where a run stands.
 *
 * @example
 * ```ts
 * const { total, succeeded, failed, over } = await perennial.canvas.progress('nightly');
 * console.log(`${succeeded} of ${total} succeeded, ${failed} failed${over ? '' : ' so far'}`);
 * ```
 */
export interface CanvasView extends CanvasProgress {
  /** Workflow id. */
  readonly id: string;
  readonly status: JobStatus;
}

/**
 * What became of the revocation of a part.
 *
 * @example
 * ```ts
 * const { calls } = await perennial.canvas.revoke('nightly', 'root/2/header/0');
 * console.log(`${calls} calls were told to stop`);
 * ```
 */
export interface RevokedCalls {
  readonly status: 'revoked';
  /** Workflow id of the run. */
  readonly id: string;
  readonly path: string;
  /** Calls that were under way, and have been told to stop. */
  readonly calls: number;
}

/**
 * Runs compositions of tasks.
 *
 * @example
 * ```ts
 * const run = await perennial.canvas.runJson({ task: 'samples.add', args: [1, 2] }, { id: 'first' });
 * console.log(await run.result());
 * ```
 */
export interface CanvasJobs extends CanvasApprovals {
  /**
   * Starts a canvas: what the builders give, or Celery's JSON.
   *
   * @throws InvalidInput with the path of the fault; nothing has been started
   */
  run<P extends TypedSignature<never, unknown>>(canvas: P, options?: CanvasStart): Promise<JobHandle<Gives<P>>>;
  run(canvas: Signature, options?: CanvasStart): Promise<JobHandle<unknown>>;
  /** As `run`, for data of unknown origin. */
  runJson(canvas: unknown, options?: CanvasStart): Promise<JobHandle<unknown>>;
  /** The handle of a run, by the name it was started with or its workflow id. Does not ask the server. */
  get(id: string): JobHandle<unknown>;
  /** How far a run is, also one that is over. Costs the same for any size. @throws NotFound */
  progress(id: string): Promise<CanvasView>;
  /**
   * A piece of a run's tree: state, attempts, wait in the queue, run time and
   * failure of each node, never arguments or results.
   *
   * @throws NotFound for an unknown run or path
   */
  tree(id: string, query?: CanvasTreeQuery): Promise<CanvasTreeNode>;
  /** Stops a run; resolves when the server knows it. Running calls are told to stop. @throws NotFound */
  cancel(id: string): Promise<void>;
  /**
   * Revokes the calls at and below a path: what runs is told to stop,
   * what has not begun never does. The rest of the run goes on: for it they have
   * failed with `TaskRevoked`, but no error callback is told.
   *
   * @throws NotFound, Ended, InvalidInput
   */
  revoke(id: string, path: string): Promise<RevokedCalls>;
  /** Calls that failed or were revoked, in that order. @param options - `limit`, default 1,000 */
  failedMembers(id: string, options?: { readonly limit?: number }): Promise<readonly CanvasFailedMember[]>;
  /**
   * Runs the failed members of a run again, and what could not run because of
   * them. Calls that succeeded are not made again, nor are their callbacks.
   * A second call for the same run gives the first one's run.
   *
   * @throws PerennialError `RunNotOver`, `NothingFailed`
   */
  retryFailed(id: string): Promise<JobHandle<unknown>>;
}
