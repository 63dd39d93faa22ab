/** One task of the catalogue as a typed function. */

import { requireTask } from './external.ts';
import type { TaskCaller, TaskHandle, TaskJobs } from './types.ts';

/** Binds a task to its types. @throws PerennialError `UnknownTask` */
export function taskCaller<In, Out>(
  tasks: Pick<TaskJobs, 'call'>,
  task: string | { readonly name: string },
): TaskCaller<In, Out> {
  const { name } = requireTask(typeof task === 'string' ? task : task.name);
  return {
    name,
    // The register binds the result type to the name.
    call: async (input, options) => (await tasks.call(name, input, options)) as TaskHandle<Out>,
  };
}
