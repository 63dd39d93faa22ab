/** Finds tasks by their names, and says which of them may be started from outside. */
import type { AnyTask } from '../../contracts/catalogue.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { allTasks, findTask } from '../../contracts/register.schema.ts';
import { perhaps } from '../connection/similar.ts';

/**
 * The task exists, and its definition does not allow that it is started by name from outside.
 *
 * @example
 * ```ts
 * import { NotExternal } from './client/index.ts';
 *
 * try {
 *   await perennial.tasks.execute({ task: 'documents.saveDocuments' });
 * } catch (error) {
 *   if (error instanceof NotExternal) console.log(error.task);
 * }
 * ```
 */
export class NotExternal extends Error {
  override readonly name = 'NotExternal';
  readonly task: string;

  constructor(task: string) {
    super(
      `The task '${task}' may not be started by name from outside. Set \`external: true\` in its definition to allow it.`,
    );
    this.task = task;
  }
}

/** Finds the task of a name. @throws PerennialError `UnknownTask` */
export function requireTask(name: string): AnyTask {
  const task = findTask(name);
  if (task === undefined) {
    const known = allTasks().map((one) => one.name);
    throw new PerennialError(
      'UnknownTask',
      `task: expected the name of a task of the catalogue${perhaps(name, known)}, got '${name.slice(0, 100)}'`,
    );
  }
  return task;
}

/** Returns the task of a name. @throws PerennialError `UnknownTask`; NotExternal */
export function requireExternal(name: string): AnyTask {
  const task = requireTask(name);
  if (task.external !== true) throw new NotExternal(task.name);
  return task;
}
