/** Builders of what Celery does not have: conditions, maps over an earlier result, compensation. Plain data, as all builders give. */
import { type ApprovalTimeout, type Approved, canvasSteps } from '../../contracts/canvas/steps.ts';
import type { CanvasPipeline, PipelineTypes } from '../../contracts/canvas/pipelines.ts';
import type { Undo } from '../engine/compensation.ts';
import type { Condition } from '../signature/condition.ts';
import type { MemberOutcome } from '../model/join.ts';
import type { Signature, Join } from '../signature/signature.ts';
import type { AnySignature, Gives, TypedSignature } from './typed.ts';

function step(task: string, kwargs: Readonly<Record<string, unknown>>): Signature {
  return { task, args: [], kwargs, options: {}, subtask_type: null, immutable: false };
}

/**
 * Goes on with `then` where the condition holds for the value before it, else
 * with `otherwise`; both are given that value. Without `otherwise` the value
 * goes on as it is.
 *
 * @example
 * ```ts
 * const { addOne, double, square } = sampleTasks;
 * const large = when({ greater: 100 }, task(double).into('data', {}), task(addOne).into('data', {}));
 * const steps = chain(task(square).si({ data: 12 }), large);
 * ```
 */
export function when<Prev, Then>(test: Condition, then: TypedSignature<Prev, Then>): TypedSignature<Prev, Prev | Then>;
export function when<Prev, Then, Else>(
  test: Condition,
  then: TypedSignature<Prev, Then>,
  otherwise: TypedSignature<Prev, Else>,
): TypedSignature<Prev, Then | Else>;
export function when(test: Condition, then: Signature, otherwise?: Signature): Signature {
  return step(canvasSteps.when, { test, then, ...(otherwise === undefined ? {} : { else: otherwise }) });
}

/** How {@link mapEach} runs. */
export interface MapOptions {
  /** Entries that the list may have, at most 10,000; a longer one fails the step. @defaultValue 1000 */
  readonly limit?: number;
}

/**
 * The signature once for each entry of the list before it, side by side: the list of results, or what the join policy gives.
 *
 * @example
 * ```ts
 * const listFiles = task<{ readonly folder: string }, readonly { file_id: string }[]>({ name: 'files.list' });
 * const all = chain(listFiles.si({ folder: 'in' }), mapEach(task(sampleTasks.processFile).s()));
 * ```
 */
export function mapEach<Item, Out>(
  signature: TypedSignature<Item, Out>,
  options?: MapOptions & { readonly join?: Exclude<Join, { readonly policy: 'collect' }> },
): TypedSignature<readonly Item[], readonly Out[]>;
export function mapEach<Item, Out>(
  signature: TypedSignature<Item, Out>,
  options: MapOptions & { readonly join: { readonly policy: 'collect' } },
): TypedSignature<readonly Item[], readonly MemberOutcome<Out>[]>;
export function mapEach(signature: Signature, options: MapOptions & { readonly join?: Join } = {}): Signature {
  return step(canvasSteps.map, { task: signature, ...options });
}

/**
 * The call with one that undoes it when the canvas fails, given `{ input, result }`
 * of the call. `result` is null where it is not known whether the call has done
 * its work: then undoing must bear that there is nothing to undo.
 *
 * @example
 * ```ts
 * const refund = task<{ readonly input: { amount: number }; readonly result: { id: string } | null }, null>({ name: 'payments.refund' });
 * const charge = task<{ readonly amount: number }, { readonly id: string }>({ name: 'payments.charge' });
 * const paid = withCompensation(charge.si({ amount: 5 }), refund.s());
 * ```
 */
export function withCompensation<P extends AnySignature>(
  signature: P,
  undo: TypedSignature<Undo<never, Gives<P>>, unknown>,
): P {
  return { ...signature, options: { ...signature.options, compensate: undo } };
}

/** How a person is asked. */
export interface ApprovalOptions<T> {
  /** What is asked, at most 500 characters. */
  readonly message?: string;
  /** Seconds, at most a year. @defaultValue no end */
  readonly timeout?: number;
  /**
   * What happens when nobody decides in time: the step fails (`ApprovalTimedOut`),
   * counts as rejected or as approved, or a signature takes its place.
   *
   * @defaultValue fail
   */
  readonly onTimeout?: ApprovalTimeout | TypedSignature<T, unknown>;
}

/**
 * Waits until a person approves, and gives the value before it; fails with `ApprovalRejected` when one rejects.
 *
 * @example
 * ```ts
 * const { addOne, square } = sampleTasks;
 * const asked = approval<number>({ message: 'Go on?', timeout: 86_400, onTimeout: 'reject' });
 * const steps = chain(task(square).si({ data: 2 }), asked, task(addOne).into('data', {}));
 * ```
 */
export function approval<T>(options?: ApprovalOptions<T>): TypedSignature<T, T>;
/** As before, but gives who decided what, also when it was rejected. */
export function approval<T>(
  options: ApprovalOptions<T> & { readonly gives: 'decision' },
): TypedSignature<T, Approved<T>>;
export function approval(options: object = {}): Signature {
  return step(canvasSteps.approval, { ...options });
}

/** The runs of one of our workflows that a canvas can hold. */
export interface PipelineSignatures<In, Out> {
  /** A run whose input is what the step before it gives, whose fields `partial` overrides. */
  s(partial?: Partial<In>): TypedSignature<unknown, Out>;
  /** A run with all of its input, which is checked before the canvas starts. */
  si(input: In): TypedSignature<unknown, Out>;
}

/**
 * Runs a pipeline as a step and gives its result: its workflow is a child of the canvas, and cancelled with it.
 *
 * @example
 * ```ts
 * const read = pipeline('batchOcr').si({ paths: ['invoices/'] });
 * ```
 */
export function pipeline<Name extends CanvasPipeline>(
  name: Name,
): PipelineSignatures<PipelineTypes[Name][0], PipelineTypes[Name][1]> {
  const run = (input: unknown, immutable: boolean): Signature => ({
    ...step(canvasSteps.pipeline, { name, ...(input === undefined ? {} : { input }) }),
    immutable,
  });
  return { s: (partial) => run(partial, false), si: (input) => run(input, true) };
}
