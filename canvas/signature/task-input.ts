/** From Celery's arguments to the one input object of a task of the catalogue. */
import { isMarked, marked, unmarked } from '../../contracts/values/sealed.ts';
import { describe, InputFault } from './fault.ts';
import { isRecord } from './json.ts';

/** What of a task's row is needed here. */
export interface TakesInput {
  readonly name: string;
  /** Names of the input's fields in the order of positional arguments. */
  readonly parameters?: readonly string[];
}

/**
 * The input that a call stands for.
 *
 * A task that names its parameters takes positional arguments by them, as in
 * Celery. A task that does not takes objects: they are merged from left to
 * right, so that fields of a partial win over those of the result before it,
 * and keyword arguments win over both. A single value that is no object is the
 * input itself. With one marked argument the whole input is marked.
 *
 * @throws InputFault for arguments that are neither
 */
export function inputOf(
  task: TakesInput,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
): unknown {
  if (!args.some(isMarked) && !Object.values(kwargs).some(isMarked)) return merged(task, args, kwargs);
  const plain = Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, unmarked(value)]));
  return marked(merged(task, args.map(unmarked), plain));
}

function merged(
  { name, parameters }: TakesInput,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
): unknown {
  if (parameters !== undefined) return { ...byName(name, parameters, args), ...kwargs };
  const [first] = args;
  if (args.length === 1 && Object.keys(kwargs).length === 0) return first;
  const input: Record<string, unknown> = {};
  for (const [index, arg] of args.entries()) {
    if (!isRecord(arg))
      throw new InputFault(
        `args[${index}]`,
        `an object for ${name}, because its fields are merged with the others`,
        describe(arg),
      );
    Object.assign(input, arg);
  }
  return { ...input, ...kwargs };
}

function byName(name: string, parameters: readonly string[], args: readonly unknown[]): Record<string, unknown> {
  if (args.length > parameters.length)
    throw new InputFault('args', `at most ${parameters.length} positional arguments of ${name}`, String(args.length));
  return Object.fromEntries(args.map((value, index) => [parameters[index] ?? '', value]));
}

/** Arguments of a call. */
export interface CallArguments {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** The arguments that stand for an input; those of a marked input are marked one by one. */
export function argumentsFor(input: unknown): CallArguments {
  const plain = isMarked(input) ? unmarked(input) : input;
  const { args, kwargs }: CallArguments = isRecord(plain) ? { args: [], kwargs: plain } : { args: [plain], kwargs: {} };
  return isMarked(input) ? { args: args.map(marked), kwargs: markedFields(kwargs) } : { args, kwargs };
}

/** The record with each of its values marked. */
export function markedFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, marked(value)]));
}
