/**
 * What the SDK evaluates once for all workflows of a process, instead of once
 * for each: everything, for no module here keeps anything of a workflow (a rule
 * of the linter). It freezes what they export.
 */
import { canvasWorkflows } from '../contracts/canvas/vocabulary.ts';
import { taskWorkflows } from '../contracts/tasks/definition.ts';
import './index.ts';
import './interceptors.ts';

const INTERPRETERS: ReadonlySet<string> = new Set([...Object.values(canvasWorkflows), ...Object.values(taskWorkflows)]);

/** How the SDK finds the workflow of a promise: it has this compiled anew for each that is made and each that is settled. */
const WORKFLOW_OF_PROMISE = 'return globalThis.__TEMPORAL_ACTIVATOR__';

/** The part of the SDK's sandbox that this looks at. */
interface Sandbox {
  readonly __TEMPORAL_ACTIVATOR__?: { readonly info: { readonly workflowType: string } };
}

/**
 * Returns the workflow for which the SDK records stacks of promises, which the
 * Web UI shows; `undefined` for interpreters. Their stacks only ever show the
 * interpreter, and recording them took much of the time of a large canvas. The
 * tree of a canvas shows what it waits for.
 */
function recordedWorkflow(): Sandbox['__TEMPORAL_ACTIVATOR__'] {
  const { __TEMPORAL_ACTIVATOR__: activator } = globalThis as Sandbox;
  return activator === undefined || INTERPRETERS.has(activator.info.workflowType) ? undefined : activator;
}

/** Should the SDK ask in another way, only the speed is lost. */
function compile(...code: readonly string[]): unknown {
  return code[0] === WORKFLOW_OF_PROMISE ? recordedWorkflow : Reflect.construct(Function, code);
}

Object.defineProperty(Promise, 'constructor', { value: compile });
