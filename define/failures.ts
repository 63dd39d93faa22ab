import { type FailureType, PerennialError } from '../contracts/failures.ts';
import type { FailureRule } from '../contracts/failures/rule.ts';

/** What an error holds beside its message. */
export interface FailureDetails {
  readonly cause?: unknown;
  /** Delay that the other side asked for, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** Failures of an application, which tasks name under `failures`. */
export interface DefinedFailures<Name extends string = string> {
  /** Rows of the registry. */
  readonly rows: Readonly<Record<Name, FailureRule>>;
  /**
   * Makes the error that a body throws. Its class decides whether the task is tried again; the message is for people and
   * holds nothing secret.
   */
  error(type: Name, message: string, options?: FailureDetails): Error;
}

/** Returns the rows of several tables as one. */
export function rowsOf(tables: readonly DefinedFailures[] = []): Readonly<Record<string, FailureRule>> {
  return Object.assign({}, ...tables.map(({ rows }) => rows)) as Readonly<Record<string, FailureRule>>; // `Object.assign` loses the types
}

/**
 * Defines failures of an application: what happened, what a person should do, and by its class whether the task is tried
 * again. They reach callers by their names, as those of the product do.
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { defineFailures, defineTask } from './define/index.ts';
 *
 * const stock = defineFailures({
 *   OutOfStock: {
 *     class: 'permanent',
 *     httpStatus: 409,
 *     cause: 'Fewer pieces are in stock than were ordered.',
 *     remedy: 'Order less, or wait for the next delivery.',
 *   },
 * });
 *
 * export const reserve = defineTask(
 *   { name: 'shop.reserve', input: z.object({ sku: z.string() }), output: z.null(), failures: [stock] },
 *   ({ sku }) => {
 *     throw stock.error('OutOfStock', `${sku}: expected 1 piece, got 0`);
 *   },
 * );
 * ```
 */
export function defineFailures<const Name extends string>(
  rows: Readonly<Record<Name, FailureRule>>,
): DefinedFailures<Name> {
  return {
    rows,
    // `as` is safe: the register of the process has the row when the task of these failures runs.
    error: (type, message, options = {}) => new PerennialError(type as string as FailureType, message, options),
  };
}
