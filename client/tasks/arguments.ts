import { inputOf } from '../../canvas/signature/task-input.ts';
import type { AnyTask } from '../../contracts/catalogue.ts';
import { withFields } from '../connection/faults.ts';
import { InvalidInput } from '../connection/validate.ts';

/** Celery's arguments of a call. */
export interface Arguments {
  readonly args?: readonly unknown[] | undefined;
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Converts positional and keyword arguments to the single input of a task; two values for one parameter are refused, as in
 * Python.
 *
 * @throws InvalidInput
 */
export function argumentsOf(task: AnyTask, { args = [], kwargs = {} }: Arguments): unknown {
  const twice = task.parameters?.slice(0, args.length).find((parameter) => Object.hasOwn(kwargs, parameter));
  if (twice !== undefined)
    throw new InvalidInput([{ field: `kwargs.${twice}`, expected: 'no value, args has one', got: 'a second one' }]);
  return withFields(() => inputOf(task, args, kwargs));
}
