import { findTask } from '../../contracts/catalogue.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { TaskDefinition } from '../../contracts/tasks.ts';
import { toWorkflowFailure } from '../failures.ts';
import { proxyTask } from '../proxies.ts';

/**
 * Runs one task of the catalogue on its own, so that schedules and callers have
 * one mechanism for single tasks and pipelines.
 *
 * @throws ApplicationFailure `InvalidInput` for a name that no task has; whatever the task fails with
 */
export async function runTask(name: string, input: unknown): Promise<unknown> {
  try {
    const task: TaskDefinition<string, unknown, unknown> | undefined = findTask(name);
    if (task === undefined)
      throw new PerennialError('InvalidInput', `expected the name of a task of the catalogue, got '${name}'`);
    return await proxyTask(task)(input);
  } catch (error) {
    throw toWorkflowFailure(error);
  }
}
