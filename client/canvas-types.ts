/** What a caller can do with compositions. */
import type { Gives, Part } from '../canvas/builders.ts';
import type { Signature } from '../canvas/signature.ts';
import type { CanvasCallInput } from '../contracts/canvas.schema.ts';
import type { JobHandle } from './types.ts';

/** How a canvas is started. */
export interface CanvasStart extends CanvasCallInput {
  /** Name of the run: the same name is the same run. @defaultValue a new one */
  readonly id?: string | undefined;
  readonly tenant?: string | undefined;
  /** Refuses tasks that may not be started by name over HTTP (P3-20). @defaultValue false */
  readonly externalOnly?: boolean | undefined;
}

/** Runs compositions of tasks. */
export interface CanvasJobs {
  /**
   * Starts a canvas: what the builders give, or Celery's JSON.
   *
   * @throws InvalidInput with the path of the fault; nothing has been started
   */
  run<P extends Part<never, unknown>>(canvas: P, options?: CanvasStart): Promise<JobHandle<Gives<P>>>;
  run(canvas: Signature, options?: CanvasStart): Promise<JobHandle<unknown>>;
  /** As `run`, for data of unknown origin. */
  runJson(canvas: unknown, options?: CanvasStart): Promise<JobHandle<unknown>>;
  /** The handle of a run, by the name it was started with or its workflow id. Does not ask the server. */
  get(id: string): JobHandle<unknown>;
}
