/** The engine's world inside a workflow: durable timers, replayed time, ids that replay. */
import { sleep, uuid4 } from '@temporalio/workflow';
import type { CanvasRuntime } from '../../canvas/runtime.ts';

/** Makes a runtime whose calls are made by `parts`. */
export function createWorkflowRuntime(parts: Pick<CanvasRuntime, 'call' | 'errbackStyle' | 'notify'>): CanvasRuntime {
  return {
    ...parts,
    sleep: async (ms) => {
      await sleep(Math.max(1, Math.ceil(ms)));
    },
    now: () => Date.now(),
    newId: () => uuid4(),
  };
}
