/** The world of a canvas of tasks of the catalogue, the same for a run and for its parts. */
import { withCallWindow } from '../../canvas/call-window.ts';
import type { CanvasRuntime } from '../../canvas/runtime.ts';
import type { PriorityScale } from '../../contracts/canvas.ts';
import { canvasSteps } from '../../contracts/canvas-steps.ts';
import { createApprovals } from './approvals.ts';
import { catalogueInput, createCatalogueCalls } from './catalogue-calls.ts';
import { createPartRunner } from './parts.ts';
import { runPipeline } from './pipelines.ts';
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

/** Pipelines of one run at once: each is a workflow of its own, of which the server lets a run have 2,000. */
const PIPELINES = 100;

/** Makes the world. Call it once in each workflow: it also hears of parts that have ended. */
export function createCatalogueRuntime(facts: RunFacts, { watcher, noting, parts }: Watched): CanvasRuntime {
  return createWorkflowRuntime({
    ...watcher,
    call: noting(createCatalogueCalls(facts)),
    waits: {
      [canvasSteps.approval]: noting(createApprovals()),
      [canvasSteps.pipeline]: withCallWindow(PIPELINES, noting(runPipeline), () => 1),
    },
    inputOf: catalogueInput,
    errbackStyle: () => 'payload',
    partRunner: createPartRunner(facts, parts),
  });
}
