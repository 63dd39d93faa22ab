/**
 * What a task is: the row type of the catalogue. A task is defined once, here
 * by its domain; proxies, registrations and documentation are derived from it.
 */
import type { z } from 'zod';
import type { QueueName } from '../queues/names.ts';
import type { Rate } from '../queues/rates.ts';
import type { Region } from '../queues/regions.ts';
import type { Route } from '../queues/routing.ts';

/** When and how often a failed attempt is followed by another. */
export interface RetryRule {
  /** Total attempts, the first included. */
  readonly attempts: number;
  /** Delay before the first retry, in milliseconds. */
  readonly delayMs: number;
  /** What each further delay is multiplied with. @defaultValue 1 */
  readonly factor?: number;
  /** No delay is longer, in milliseconds. @defaultValue the first delay */
  readonly maxDelayMs?: number;
  /** Why this many and this long; printed in `docs/tasks.md`. */
  readonly reason: string;
}

/** How long one attempt may take. */
export interface TimeLimits {
  /** After this the task's signal is aborted, in milliseconds. */
  readonly softMs: number;
  /** After this the server gives the attempt up, in milliseconds. */
  readonly hardMs: number;
  /** A worker silent for this long counts as dead, in milliseconds. */
  readonly heartbeatMs: number;
  /** Why; printed in `docs/tasks.md`. */
  readonly reason: string;
}

/** What a keyed limit counts by: all calls of the task, those of one tenant, or those with the same value in a field of the input. */
export type LimitScope = 'task' | 'tenant' | { readonly field: string };

/**
 * A limit on calls with the same key, held by all workers together. Work beyond
 * it waits its turn, first come first served, without using up attempts.
 */
export interface KeyedLimit {
  readonly by: LimitScope;
  /** So many are started in such a time. */
  readonly rate?: Rate;
  /** So many are under way at once. */
  readonly concurrency?: number;
  /** Why; printed in `docs/tasks.md`. */
  readonly reason: string;
}

/** One row of the catalogue. `In` and `Out` are types only: the schemas stand in `catalogue.schema.ts`. */
export interface TaskDefinition<Name extends string, In, Out> {
  readonly name: Name;
  readonly queue: QueueName;
  /** What it is for, in one sentence. */
  readonly purpose: string;
  readonly retry: RetryRule;
  readonly limits: TimeLimits;
  /** 1 to 10, 10 first (PRIO-3). @defaultValue the priority of the queue */
  readonly priority?: number;
  /** Decides queue and priority by the input; called once, when the task is called (P3-37). */
  readonly route?: (input: unknown) => Route;
  /** Names under which the sources' producers call it. */
  readonly aliases?: readonly string[];
  /** Names of the input's fields in the order of positional arguments, for callers that pass a list. */
  readonly parameters?: readonly string[];
  /** Limits per key that every call of the task obeys. */
  readonly keyedLimits?: readonly KeyedLimit[];
  /**
   * Takes so little time that many calls may travel in one activity (`docs/canvas.md`). Not for tasks with keyed
   * limits, on queues with a rate, or with fewer than three attempts: a worker that dies costs every call of the pack
   * one. @defaultValue false
   */
  readonly batchable?: boolean;
  /**
   * May put a canvas in its own place, as Celery's `self.replace` does, and send canvases on their way. Not for
   * batchable tasks. @defaultValue false
   */
  readonly composes?: boolean;
  /** Only workers of this region may touch its data (P3-21). */
  readonly residency?: Region;
  /** May be started by name over HTTP by an administrator (P3-20). @defaultValue false */
  readonly external?: boolean;
  /** Never set: carries the types of input and output. */
  readonly types?: readonly [In, Out];
}

/** The input type of a task definition. */
export type InputOf<D> = D extends TaskDefinition<string, infer In, infer _Out> ? In : never;

/** The output type of a task definition. */
export type OutputOf<D> = D extends TaskDefinition<string, infer _In, infer Out> ? Out : never;

/** The schemas that input and output of a task must meet. */
export interface TaskSchemas<In, Out> {
  readonly input: z.ZodType<In>;
  readonly output: z.ZodType<Out>;
}

/** The name that a row is registered under. */
type NameOf<Row> = Row extends TaskDefinition<infer Name, infer _In, infer _Out> ? Name : never;

/** Schemas for each row of a table, by the names of the tasks. */
export type SchemasOf<Rows> = {
  readonly [Key in keyof Rows as NameOf<Rows[Key]>]: TaskSchemas<InputOf<Rows[Key]>, OutputOf<Rows[Key]>>;
};

/** Binds input and output types to a task while its name is inferred. */
export function defineTask<In, Out>() {
  return <const Name extends string>(
    definition: Omit<TaskDefinition<Name, In, Out>, 'types'>,
  ): TaskDefinition<Name, In, Out> => definition;
}

/**
 * The delay before the retry that follows an attempt, in milliseconds. Never 0:
 * a next delay of 0 makes the server end the activity.
 *
 * @param attempt - the attempt that has just failed, from 1
 */
export function retryDelayMs(rule: RetryRule, attempt: number): number {
  const grown = rule.delayMs * (rule.factor ?? 1) ** (attempt - 1);
  return Math.max(1, Math.min(grown, rule.maxDelayMs ?? rule.delayMs));
}

/** Names of the workflows that run tasks on their own. */
export const taskWorkflows = { runTask: 'runTask', runStreamedCalls: 'runStreamedCalls' } as const;
