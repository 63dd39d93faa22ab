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
 * Options of the start of a canvas.
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
  /** Name of the run. The same name is the same run, and another canvas under it throws `Conflict`. @defaultValue a new name */
  readonly id?: string | undefined;
  readonly tenant?: string | undefined;
  /** Whether tasks that may not be started by name over HTTP are refused. @defaultValue false */
  readonly externalOnly?: boolean | undefined;
}

/**
 * Progress of a run.
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
 * Result of a revocation.
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
  /** Number of running calls that were told to stop. */
  readonly calls: number;
}

/**
 * A canvas of an application that can be started, with its types.
 *
 * @example
 * ```ts
 * import type { CanvasStarter } from './client/index.ts';
 *
 * const totals = async (starter: CanvasStarter<{ texts: string[] }, number>): Promise<number> =>
 *   (await starter.start({ texts: ['a', 'b c'] }, { id: 'two-texts' })).result();
 * ```
 */
export interface CanvasStarter<In, Out> {
  readonly name: string;
  /**
   * Checks the input, builds the canvas, checks it and starts it.
   *
   * @throws InvalidInput with the path of each fault; nothing is started
   */
  start(input: In, options?: CanvasStart): Promise<JobHandle<Out>>;
}

/**
 * Runs canvases.
 *
 * @example
 * ```ts
 * const run = await perennial.canvas.runJson({ task: 'samples.add', args: [1, 2] }, { id: 'first' });
 * console.log(await run.result());
 * ```
 */
export interface CanvasJobs extends CanvasApprovals {
  /**
   * Starts a canvas that was made by the builders.
   *
   * @throws InvalidInput with the path of the fault; nothing is started
   */
  run<P extends TypedSignature<never, unknown>>(canvas: P, options?: CanvasStart): Promise<JobHandle<Gives<P>>>;
  run(canvas: Signature, options?: CanvasStart): Promise<JobHandle<unknown>>;
  /** Starts a canvas of unknown origin, such as Celery's JSON. Otherwise as `run`. */
  runJson(canvas: unknown, options?: CanvasStart): Promise<JobHandle<unknown>>;
  /** Starts a canvas of the application whose name is only known at run time. Otherwise as `run`. @throws InvalidInput */
  start(name: string, input: unknown, options?: CanvasStart): Promise<JobHandle<unknown>>;
  /** Returns the handle of a run by its name or workflow id, without a request to the server. */
  get(id: string): JobHandle<unknown>;
  /** Returns the progress of a run, also after its end, at the same cost for any number of calls. @throws NotFound */
  progress(id: string): Promise<CanvasView>;
  /**
   * Returns a piece of a run's tree: state, attempts, queue wait, run time and failure of each node, but no arguments or
   * results.
   *
   * @throws NotFound the run or the path is unknown
   */
  tree(id: string, query?: CanvasTreeQuery): Promise<CanvasTreeNode>;
  /** Cancels a run and its running calls; it resolves when the server has accepted the request. @throws NotFound */
  cancel(id: string): Promise<void>;
  /**
   * Revokes the calls at and below a path: running ones are told to stop, and waiting ones never begin. The rest of the run
   * continues and treats them as failed with `TaskRevoked`, but runs no error callback.
   *
   * @throws NotFound, Ended, InvalidInput
   */
  revoke(id: string, path: string): Promise<RevokedCalls>;
  /** Lists the calls that failed or were revoked, in that order. @param options - `limit`, default 1,000 */
  failedMembers(id: string, options?: { readonly limit?: number }): Promise<readonly CanvasFailedMember[]>;
  /**
   * Retries the failed members of a run, and the calls that were skipped because of them. Calls that succeeded and their
   * callbacks are not repeated. A second retry of the same run returns the run of the first one.
   *
   * @throws PerennialError `RunNotOver`, `NothingFailed`
   */
  retryFailed(id: string): Promise<JobHandle<unknown>>;
}
