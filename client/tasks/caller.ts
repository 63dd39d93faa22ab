/** One task of the catalogue as a typed function. */
import type { TaskInput, TaskName, TaskOutput } from '../../contracts/catalogue.ts';
import { requireTask } from './prepare-call.ts';
import type { TaskCaller, TaskHandle, TaskJobs } from './types.ts';

/** Binds a name to the types of its task. @throws PerennialError `UnknownTask` */
export function taskCaller<N extends TaskName>(
  tasks: Pick<TaskJobs, 'call'>,
  name: N,
): TaskCaller<TaskInput<N>, TaskOutput<N>> {
  return {
    name: requireTask(name).name,
    // The catalogue binds the result type to the name.
    call: async (input, options) => (await tasks.call(name, input, options)) as TaskHandle<TaskOutput<N>>,
  };
}
