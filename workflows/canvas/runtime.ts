/** The engine's world inside a workflow: durable timers, replayed time, ids that replay. */
import { CancellationScope, sleep, uuid4 } from '@temporalio/workflow';
import { withCallWindow } from '../../canvas/call-window.ts';
import { callWeight } from '../../canvas/weight.ts';
import type { CanvasRuntime } from '../../canvas/runtime.ts';

/**
 * Activities of one run that are under way at once: the server refuses 2,000, and beyond a few hundred nothing gets faster.
 * Calls with long arguments count for several, so that a decision to start them all stays below the 4 MB that the server
 * takes in one message.
 */
const IN_FLIGHT = 500;

/** Makes a runtime whose calls are made by `parts`. */
export function createWorkflowRuntime(parts: Omit<CanvasRuntime, 'sleep' | 'now' | 'newId'>): CanvasRuntime {
  return {
    ...parts,
    call: withCallWindow(IN_FLIGHT, parts.call, ({ args, kwargs }) => callWeight(args, kwargs)),
    sleep: async (ms) => {
      await sleep(Math.max(1, Math.ceil(ms)));
    },
    scoped: (work) => {
      const scope = new CancellationScope();
      return { done: scope.run(work), cancel: () => scope.cancel() };
    },
    now: () => Date.now(),
    newId: () => uuid4(),
  };
}
