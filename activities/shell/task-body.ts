/** The body of a task and its context. */
import type { Signature } from '../../canvas/signature/signature.ts';
import type { BodyLog } from './attempt-log.ts';

/** Effects that a body may ask the calling run for, if the row of its task has `composes`. */
export interface TaskEffects {
  /**
   * Ends the task and puts a canvas in its place, as Celery's `self.replace` does: with the same id, callbacks and
   * position in group and chord. The result of the canvas becomes the result of the task. It throws to end the body, so
   * do not catch that error.
   * @throws PerennialError `InvalidOutput` with the path of the fault for an invalid canvas
   */
  readonly replaceWith: (canvas: Signature) => never;
  /**
   * Starts a canvas, as `delay` inside a Celery task does, but exactly once: when the task has succeeded, however many
   * attempts it took. Its result is discarded.
   * @throws PerennialError `InvalidOutput` with the path of the fault for an invalid canvas, and for more than 100
   *   canvases
   */
  readonly send: (canvas: Signature) => void;
}

/** What a body receives besides its input. */
export interface TaskContext extends TaskEffects {
  /** Aborted by a cancellation, the shutdown of the worker, and the soft time limit. */
  readonly signal: AbortSignal;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /** Id of the task, by which `tasks.get` finds a call of a client or of a canvas. */
  readonly taskId: string;
  /** Id of the workflow that called the task; business keys may contain it. */
  readonly workflowId: string;
  /** The queue of the worker, with its region if it has one; `inline` without a server. */
  readonly queue: string;
  /** Tenant of the call; absent when the caller named none. */
  readonly tenant?: string | undefined;
  /** Headers that the caller passed besides the input. */
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** Details of the last heartbeat of the attempt before; `undefined` without one. */
  readonly lastHeartbeat: unknown;
  /**
   * Key of the task for services that do an effect once for each key, such as a payment: the same in every attempt, another
   * for every task.
   */
  readonly idempotencyKey: string;
  /** Writes lines to the log of the worker, with name, id and attempt of the task. */
  readonly log: BodyLog;
  /**
   * Tells how far the body has come. The details can be read while it runs, and the next attempt finds the last ones in
   * `lastHeartbeat`.
   */
  progress(details: unknown): void;
}

/** The body of a task. */
export type TaskBody<In, Out> = (input: In, context: TaskContext) => Promise<Out>;
