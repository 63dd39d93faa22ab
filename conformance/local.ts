/** A runtime of the engine inside one process: neutral tasks are plain function calls. */
import { randomUUID } from 'node:crypto';
import type { CanvasRuntime } from '../canvas/engine/runtime.ts';
import { errbackStyle, perform } from './perform.ts';
import type { LogStore } from './world.ts';

/** Creates a runtime that logs into `log`. */
export function createLocalRuntime(log: LogStore): CanvasRuntime {
  return {
    call: (request) => perform(request, log),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    now: () => Date.now(),
    newId: () => randomUUID(),
    errbackStyle,
  };
}
