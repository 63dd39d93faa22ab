/** Tasks of an application whose bodies are in Python. */
import { PerennialError } from '../contracts/failures.ts';
import type { InputOfSchema, OutputOfSchema, StandardSchema } from './standard-schema.ts';
import { type DefinedTask, defineTask, type TaskOptions } from './task.ts';

/** What {@link definePythonTask} is told: what a worker in another language cannot do is left out. */
export interface PythonTaskOptions<
  Name extends string,
  In extends StandardSchema,
  Out extends StandardSchema,
> extends Omit<TaskOptions<Name, In, Out>, 'queue' | 'ports' | 'batchable' | 'composes' | 'breaker' | 'residency'> {
  /** A queue of the configuration with `language: 'python'`. */
  readonly queue: string;
}

/**
 * Defines a task whose body is in Python: its contract is here, and a worker of the Python package runs a function of the
 * same name (`docs/python.md`). Calls, canvases, schedules, retries, time limits and dead letters are those of any task.
 *
 * @throws TypeError `input` or `output` is no schema
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { definePythonTask } from './define/index.ts';
 *
 * export const score = definePythonTask({
 *   name: 'texts.score',
 *   queue: 'texts.python',
 *   input: z.strictObject({ text: z.string() }),
 *   output: z.object({ score: z.number() }),
 * });
 * ```
 */
export function definePythonTask<const Name extends string, In extends StandardSchema, Out extends StandardSchema>(
  options: PythonTaskOptions<Name, In, Out>,
): DefinedTask<Name, InputOfSchema<In>, OutputOfSchema<Out>> {
  const task = defineTask<Name, In, Out>(options, (_input, { queue }) => {
    throw new PerennialError(
      'InvalidInput',
      `${options.name}: its body is in Python; expected the queue '${options.queue}', got '${queue}'`,
    );
  });
  return { ...task, language: 'python' };
}
