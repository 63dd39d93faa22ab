/** The body of a task and its context. */
import type { TaskCache } from '../../contracts/cache/definition.ts';
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

/** What an effect receives. */
export interface EffectContext {
  /**
   * The same text whenever this effect is begun again, for the provider: as Stripe's `idempotencyKey`. It closes the last
   * window, in which a worker dies after the effect and before the ledger is written.
   */
  readonly idempotencyKey: string;
  /** Aborted as that of the task, and when the ledger was away for so long that another attempt may take over. */
  readonly signal: AbortSignal;
  /**
   * Whether an attempt before has begun the effect and nobody knows how far it came. Where the provider takes no key, ask
   * it whether the effect has happened.
   */
  readonly begunBefore: boolean;
}

/** Something that must happen once, such as a payment; what it returns is kept, as JSON. */
export type Effect<T> = (context: EffectContext) => T | Promise<T>;

/** Says what an effect is, so that its key cannot be taken for another one. */
export interface OnceOptions {
  /** What is done, for example `payment`: tasks that share effects name the same. @defaultValue the name of the task */
  readonly kind?: string | undefined;
  /** Whatever else must be the same for the same key, for example `{ amount: 12 }`, as JSON. @defaultValue nothing */
  readonly content?: unknown;
}

/** An effect that has happened. */
export interface Happened<T> {
  /** What the effect returned, now or when it happened. */
  readonly value: T;
  /** Whether another task had it; an attempt before at the same task does not count. */
  readonly repeated: boolean;
}

/**
 * Has an effect once for each key of a tenant, however many attempts, tasks and workers ask for it at the same time: the
 * others wait and get the same value. An effect that throws has not happened, and the next attempt has it again.
 *
 * @param key - names the effect, for example `payment/4711`: 1 to 500 characters
 * @throws PerennialError `EffectKeyReused` something else was done under the key; `InvalidOutput` for a key that is none,
 *   and for a result that is no JSON or has more than 100,000 bytes: the effect has happened then, and is not repeated
 */
export type Once = <T>(key: string, effect: Effect<T>, options?: OnceOptions) => Promise<Happened<T>>;

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
  /** Has an effect once for each key, such as a payment. */
  readonly once: Once;
  /** Keeps values for a while, so that they are not computed or fetched again. */
  readonly cache: TaskCache;
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
