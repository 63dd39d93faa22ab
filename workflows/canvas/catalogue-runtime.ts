/** The world of a canvas of tasks of the catalogue, the same for a run and for its parts. */
import type { CanvasRuntime } from '../../canvas/runtime.ts';
import type { PriorityScale } from '../../contracts/canvas.ts';
import { createCatalogueCalls } from './catalogue-calls.ts';
import { createPartRunner } from './parts.ts';
import { createWorkflowRuntime } from './runtime.ts';
import type { Watched } from './watching.ts';

/** What holds for all calls of a run. */
export interface RunFacts {
  readonly tenant?: string | undefined;
  /** @defaultValue perennial */
  readonly priorityScale?: PriorityScale | undefined;
  /** Calls that one run makes itself; what is heavier is run in parts. @defaultValue 1,000 */
  readonly weight?: number | undefined;
}

/** Makes the world. Call it once in each workflow: it also hears of parts that have ended. */
export function createCatalogueRuntime(facts: RunFacts, { watcher, noting, parts }: Watched): CanvasRuntime {
  return createWorkflowRuntime({
    ...watcher,
    call: noting(createCatalogueCalls(facts)),
    errbackStyle: () => 'payload',
    partRunner: createPartRunner(facts, parts),
  });
}
