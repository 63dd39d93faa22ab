/** Tasks of an application: contract and body in one place. */
import type { TaskContext } from '../activities/shell/task-body.ts';
import { isTaskWithSchemas, TASK_KIND, type TaskWithSchemas } from '../contracts/tasks/with-schemas.ts';
import type { TaskDefinition, TaskSchemas, TimeLimits } from '../contracts/tasks/definition.ts';
import type { RetryRule } from '../contracts/tasks/retry-rules.ts';
import { fourTimes180s, standardLimits } from '../contracts/tasks/policies.ts';
import { queues } from '../contracts/queues/names.ts';
import type { FailureRule } from '../contracts/failures/rule.ts';
import { type DefinedFailures, rowsOf } from './failures.ts';
import type { OpenPorts, PortTable } from './port.ts';
import { type InputOfSchema, type OutputOfSchema, type StandardSchema, toZod } from './standard-schema.ts';

/** Row, schemas and body of a task of an application. */
export interface DefinedTask<Name extends string, In, Out> extends TaskDefinition<Name, In, Out> {
  readonly kind: typeof TASK_KIND;
  readonly schemas: TaskSchemas<unknown, unknown>;
  readonly failures: Readonly<Record<string, FailureRule>>;
  /** What it uses, by the names of its body. */
  readonly ports: PortTable;
  readonly body: PortedBody<never, Out>;
}

/** A body with its open ports. */
type PortedBody<In, Out> = (input: In, context: TaskContext, ports: Readonly<Record<string, unknown>>) => Promise<Out>;

/** A task of an application with any types, as a plug-in holds it. */
export type PluginTask = TaskWithSchemas & {
  readonly ports: PortTable;
  readonly body: PortedBody<never, unknown>;
};

/** A task of an application whose types are unknown: its body is called with what its schema gives. */
export type AnyDefinedTask = TaskWithSchemas & {
  readonly ports: PortTable;
  readonly body: PortedBody<unknown, unknown>;
};

type Row = TaskDefinition<string, unknown, unknown>;

/** What {@link defineTask} is told. */
export interface TaskOptions<
  Name extends string,
  In extends StandardSchema,
  Out extends StandardSchema,
  Ports extends PortTable = PortTable,
> extends Partial<Omit<Row, 'name' | 'retry' | 'limits' | 'route' | 'language' | 'types'>> {
  /** Name by which callers, canvases and schedules call it: at least two words with a dot between, `text.countWords`. */
  readonly name: Name;
  /** Checks the input before the call starts, and again in the worker. */
  readonly input: In;
  /** Checks what the body returns. */
  readonly output: Out;
  /** @defaultValue four attempts, 180 s apart */
  readonly retry?: Partial<RetryRule> | undefined;
  /** @defaultValue soft 300 s, hard 600 s; a dead worker is noticed within 5 s */
  readonly limits?: Partial<TimeLimits> | undefined;
  /** Ports of `definePort` that the body receives open, by these names. @defaultValue none */
  readonly ports?: Ports | undefined;
  /** Failures of `defineFailures` that the body throws. @defaultValue none but those of the product */
  readonly failures?: readonly DefinedFailures[] | undefined;
}

/**
 * Defines a task. A module of the application exports it; `perennial.config.ts` says where such modules are.
 *
 * The body may run twice, as every activity may: what it writes elsewhere has keys that follow from its input, or from
 * `idempotencyKey`, and what has no key goes through `once`. What it throws is tried again, unless it is a `PerennialError` of a permanent type.
 *
 * @throws TypeError `input` or `output` is no schema, or the body no function
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { defineTask } from './define/index.ts';
 *
 * export const countWords = defineTask(
 *   {
 *     name: 'text.countWords',
 *     input: z.strictObject({ text: z.string() }),
 *     output: z.object({ words: z.int() }),
 *   },
 *   ({ text }, { log }) => {
 *     log.info('counting');
 *     return { words: text.split(/\s+/).filter((word) => word !== '').length };
 *   },
 * );
 * ```
 */
export function defineTask<
  const Name extends string,
  In extends StandardSchema,
  Out extends StandardSchema,
  const Ports extends PortTable = PortTable,
>(
  options: TaskOptions<Name, In, Out, Ports>,
  body: (
    input: OutputOfSchema<In>,
    context: TaskContext,
    ports: OpenPorts<Ports>,
  ) => InputOfSchema<Out> | Promise<InputOfSchema<Out>>,
): DefinedTask<Name, InputOfSchema<In>, OutputOfSchema<Out>> {
  const { input, output, retry = {}, limits = {}, ports = {}, failures, ...row } = options;
  // An application in JavaScript has no compiler.
  if (typeof body !== 'function') throw new TypeError(`${options.name}: body: expected a function, got ${typeof body}`);
  return {
    purpose: '',
    queue: queues.documentsDefault,
    ...row,
    retry: { ...fourTimes180s, reason: 'As the application says.', ...retry },
    limits: { ...standardLimits, reason: 'As the application says.', ...limits },
    kind: TASK_KIND,
    ports,
    failures: rowsOf(failures),
    schemas: { input: toZod(input, `${options.name}: input`), output: toZod(output, `${options.name}: output`) },
    // An `async` wrapper, so that a body which throws at once fails as one that rejects.
    // `as` is safe: the worker opens what this task names.
    body: async (given: never, context, open) => await body(given, context, open as OpenPorts<Ports>),
  };
}

/** Tells whether a value is a task of {@link defineTask}. */
export function isDefinedTask(value: unknown): value is AnyDefinedTask {
  return isTaskWithSchemas(value) && 'body' in value;
}
