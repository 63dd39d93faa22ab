/** What the body of a task is, and what it is given beside its input. */
import type { Signature } from '../../canvas/signature/signature.ts';

/** What a body may ask of the run that has called it, if the row of its task says `composes`. */
export interface TaskEffects {
  /**
   * Ends the task and puts a canvas in its place, as Celery's `self.replace` does: same id, callbacks, place in group
   * and chord; what the canvas gives is the result. It throws to end the body: do not catch that.
   *
   * @throws PerennialError `InvalidOutput` with the path of the fault for what is no canvas
   */
  readonly replaceWith: (canvas: Signature) => never;
  /**
   * Sends a canvas on its way, as `delay` inside of a Celery task does, but once: not before the task has succeeded,
   * and not again when an attempt is repeated. Nobody waits for what it gives.
   *
   * @throws PerennialError `InvalidOutput` with the path of the fault for what is no canvas, and for more than 100
   */
  readonly send: (canvas: Signature) => void;
}

/** What a task is given beside its input. */
export interface TaskContext extends TaskEffects {
  /** Aborted on cancellation, worker shutdown and the soft time limit. */
  readonly signal: AbortSignal;
  /** From 1. */
  readonly attempt: number;
  /** Identity of the run that called the task; part of business keys. */
  readonly workflowId: string;
  /** The queue whose worker runs it, with its region where there is one; `inline` without a server. */
  readonly queue: string;
  /** On whose behalf; absent when the call did not say. */
  readonly tenant?: string | undefined;
  /** What the caller sent along beside the input. */
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** Details of the last heartbeat of the attempt before, if it left any. */
  readonly lastHeartbeat: unknown;
  /** Replaces the details that the running heartbeat carries. */
  heartbeat(details: unknown): void;
}

/** The body of a task. */
export type TaskBody<In, Out> = (input: In, context: TaskContext) => Promise<Out>;
