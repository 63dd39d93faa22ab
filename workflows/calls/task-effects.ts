import { type TaskEffects, effectsIn } from '../../canvas/model/task-effects.ts';
import { parseSignature } from '../../canvas/signature/parse.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { TaskDefinition } from '../../contracts/tasks/definition.ts';

/** Nested replacements at most, because a task that always replaces itself would never end. */
const MOST_REPLACEMENTS = 100;

/** The fields of a task's row that are needed here. */
export type ComposingTask = Pick<TaskDefinition<string, never, never>, 'name' | 'composes'>;

/**
 * The effects of a call.
 *
 * @param row - of the task
 * @param result - what the worker gave
 * @param path - of the call in its canvas
 * @returns nothing where the result is a plain one
 * @throws PerennialError `InvalidOutput` for a canvas that is none, or too many within each other
 */
export function effectsOf(row: ComposingTask, result: unknown, path: string): TaskEffects | undefined {
  const effects = row.composes === true ? effectsIn(result) : undefined;
  if (effects === undefined) return undefined;
  const { value, replacedBy, sends } = effects;
  if (replacedBy !== undefined && path.split('/replaced').length > MOST_REPLACEMENTS)
    throw invalid(row, `expected an end of replacing, got ${MOST_REPLACEMENTS} in a row`);
  return {
    value,
    replacedBy: replacedBy === undefined ? undefined : parsed(row, replacedBy),
    sends: Array.isArray(sends) ? sends.map((canvas: unknown) => parsed(row, canvas)) : [],
  };
}

function parsed(row: ComposingTask, canvas: unknown): Signature {
  try {
    return parseSignature(canvas, { timing: 'lenient' });
  } catch (error) {
    throw error instanceof PerennialError ? invalid(row, error.message) : error;
  }
}

function invalid({ name }: ComposingTask, message: string): PerennialError {
  return new PerennialError('InvalidOutput', `${name}: ${message}`);
}
