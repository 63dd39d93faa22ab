/** The tasks that workflows can call: those of the product, and those of the application whose bundle it is. */
import { type AnyTask, catalogue } from '../../contracts/catalogue.ts';
import { addFailures } from '../../contracts/failures.ts';
import { bundled } from '../../contracts/tasks/bundled.ts';

addFailures(bundled.failures);
const tasks: readonly AnyTask[] = [...catalogue, ...bundled.tasks];
const byName: ReadonlyMap<string, AnyTask> = new Map(tasks.map((task) => [task.name, task]));
const byAlias: ReadonlyMap<string, AnyTask> = new Map(
  tasks.flatMap((task) => (task.aliases ?? []).map((alias) => [alias, task])),
);

/** Finds a task by its registered name or an alias from a Celery application; `undefined` for an unknown name. */
export function findTask(name: string): AnyTask | undefined {
  return byName.get(name) ?? byAlias.get(name);
}
