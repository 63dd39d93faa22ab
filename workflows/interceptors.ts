/**
 * Keeps the SDK from recording a stack for each promise of the interpreters. It
 * does so for the stack trace of the Web UI, and it was most of the time of a
 * large canvas, whose stacks only ever show the interpreter; what a canvas
 * waits for is told by its tree. Errors that are thrown keep their stacks.
 */
import { workflowInfo, type WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { canvasWorkflows } from '../contracts/canvas.ts';
import { taskWorkflows } from '../contracts/tasks.ts';

const INTERPRETERS: ReadonlySet<string> = new Set([...Object.values(canvasWorkflows), ...Object.values(taskWorkflows)]);

/**
 * The SDK asks for a stack with an error that has no message, of the workflow's
 * own global; ours always have one. Should it ever ask in another way, only the
 * speed is lost.
 */
function withoutBareStacks(real: ErrorConstructor): ErrorConstructor {
  return new Proxy(real, {
    construct: (target, given: unknown[], asked): object => {
      if (given.length === 0) return Object.create(target.prototype) as object;
      return Reflect.construct(target, given, asked) as object;
    },
  });
}

/** Each workflow has globals of its own. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  if (INTERPRETERS.has(workflowInfo().workflowType)) globalThis.Error = withoutBareStacks(Error);
  return {};
};
