/**
 * The row type of the catalogue. A domain defines each of its tasks once; proxies, registrations and documentation are
 * derived from the rows.
 */
import type { z } from 'zod';
import type { BreakerRule } from '../breakers/vocabulary.ts';
import type { Language } from '../queues/languages.ts';
import type { Rate } from '../queues/rates.ts';
import type { Region } from '../queues/regions.ts';
import type { Route } from '../queues/routing.ts';
import type { RetryRule } from './retry-rules.ts';

/** Time limits of one attempt. */
export interface TimeLimits {
  /** Soft limit, in milliseconds: the task's signal is aborted. */
  readonly softMs: number;
  /** Hard limit, in milliseconds: the server ends the attempt. */
  readonly hardMs: number;
  /** Heartbeat timeout, in milliseconds: a worker without a heartbeat counts as dead. */
  readonly heartbeatMs: number;
  /** Reason; printed in `docs/tasks.md`. */
  readonly reason: string;
}

/** Scope of a keyed limit: all calls of the task, the calls of one tenant, or the calls with the same value in a field of the input. */
export type LimitScope = 'task' | 'tenant' | { readonly field: string };

/**
 * A limit on calls with the same key, shared by all workers. Further calls wait in order of arrival without using up
 * attempts.
 */
export interface KeyedLimit {
  readonly by: LimitScope;
  /** Name under which several tasks share the limit; each of them must give the same rate and concurrency. @defaultValue the task alone */
  readonly shared?: string;
  /** Most calls that are started per time. */
  readonly rate?: Rate;
  /** Most calls that run at once. */
  readonly concurrency?: number;
  /** Reason; printed in `docs/tasks.md`. */
  readonly reason: string;
}

/** One row of the catalogue. `In` and `Out` are types only; the schemas are in `catalogue.schema.ts`. */
export interface TaskDefinition<Name extends string, In, Out> {
  readonly name: Name;
  /** Of {@link queues}, or one that the application declares. */
  readonly queue: string;
  /** One sentence that says what the task is for. */
  readonly purpose: string;
  readonly retry: RetryRule;
  readonly limits: TimeLimits;
  /** Priority, 1 to 10, 10 first. @defaultValue the priority of the queue */
  readonly priority?: number;
  /** Chooses queue and priority by the input; it runs once for each call. */
  readonly route?: (input: unknown) => Route;
  /** Names under which producers of Celery applications call it. */
  readonly aliases?: readonly string[];
  /** Names of the input's fields in the order of positional arguments, for callers that pass a list. */
  readonly parameters?: readonly string[];
  /** Keyed limits of every call of the task. */
  readonly keyedLimits?: readonly KeyedLimit[];
  /** Its provider, whose failures make all of its callers wait (`docs/breakers.md`). @defaultValue none */
  readonly breaker?: BreakerRule;
  /**
   * Whether calls are so short that many may share one activity (`docs/canvas.md`). It is not allowed for tasks with keyed
   * limits, on queues with a rate, or with fewer than three attempts, because a worker that dies costs every call of the
   * pack one attempt. @defaultValue false
   */
  readonly batchable?: boolean;
  /**
   * Whether the task may replace itself by a canvas, as Celery's `self.replace` does, and start canvases. It is not allowed
   * for batchable tasks. @defaultValue false
   */
  readonly composes?: boolean;
  /** Region whose workers alone may process the data of the task. */
  readonly residency?: Region;
  /**
   * Whether its whole input stands sealed in histories, positional arguments included. It is not allowed for tasks with a
   * limit by a field, because the server shows the key of a limit. @defaultValue false
   */
  readonly sealInput?: boolean;
  /**
   * Whether all that it gives stands sealed in histories, also where a canvas hands it on. It is not allowed for tasks that
   * compose, because what takes their place gives the result. @defaultValue false
   */
  readonly sealOutput?: boolean;
  /**
   * Whether a redriven pipeline takes over the result that the task gave in the failed run. Not for what must happen in every
   * run: what looks at the present, what cleans up, and what another step undoes when the run fails. @defaultValue true
   */
  readonly keepOnRedrive?: boolean;
  /** Language of its body, where it is another one: a worker of the package for it serves the queue. @defaultValue TypeScript */
  readonly language?: Language;
  /** Whether an administrator may start it by name over HTTP. @defaultValue false */
  readonly external?: boolean;
  /** Never set; it carries the types of input and output. */
  readonly types?: readonly [In, Out];
}

/** The input type of a task definition. */
export type InputOf<D> = D extends TaskDefinition<string, infer In, infer _Out> ? In : never;

/** The output type of a task definition. */
export type OutputOf<D> = D extends TaskDefinition<string, infer _In, infer Out> ? Out : never;

/** Schemas of the input and output of a task. */
export interface TaskSchemas<In, Out> {
  readonly input: z.ZodType<In>;
  readonly output: z.ZodType<Out>;
}

/** The registered name of a row. */
type NameOf<Row> = Row extends TaskDefinition<infer Name, infer _In, infer _Out> ? Name : never;

/** Schemas of each row of a table, by the names of the tasks. */
export type SchemasOf<Rows> = {
  readonly [Key in keyof Rows as NameOf<Rows[Key]>]: TaskSchemas<InputOf<Rows[Key]>, OutputOf<Rows[Key]>>;
};

/** Binds input and output types to a task while its name is inferred. */
export function taskRow<In, Out>() {
  return <const Name extends string>(
    definition: Omit<TaskDefinition<Name, In, Out>, 'types'>,
  ): TaskDefinition<Name, In, Out> => definition;
}

/** Names of the workflows that run single tasks. */
export const taskWorkflows = { runTask: 'runTask', runStreamedCalls: 'runStreamedCalls' } as const;
