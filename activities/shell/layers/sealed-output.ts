import { marked } from '../../../contracts/values/sealed.ts';
import type { Layer } from '../layer.ts';

/** Marks what a task gives where its row says that no history may show it. Hooks and logs lie inside, and see the value. */
export const sealedOutput: Layer = async (call, next) => {
  const output = await next(call);
  // A run without a server has no history.
  return call.task.sealOutput === true && !call.attempt.inline ? marked(output) : output;
};
