/** The world of a canvas of tasks of the catalogue, the same for a run and for its parts. */
import { withCallWindow } from '../../canvas/call-window.ts';
import type { CanvasRuntime } from '../../canvas/runtime.ts';
import type { CanvasKnown } from '../../contracts/canvas-views.ts';
import type { PriorityScale } from '../../contracts/canvas.ts';
import { canvasSteps } from '../../contracts/canvas-steps.ts';
import type { PackedTasks } from '../../contracts/packs.ts';
import { createApprovals } from './approvals.ts';
import { catalogueInput, createCatalogueCalls } from './catalogue-calls.ts';
import { createPartRunner } from './parts.ts';
import { runPipeline } from './pipelines.ts';
import { createRevoking, isBelow } from './revoking.ts';
import { createWorkflowRuntime } from './runtime.ts';
import type { Watched } from './watching.ts';

/** What holds for all calls of a run. */
export interface RunFacts {
  readonly tenant?: string | undefined;
  /** @defaultValue perennial */
  readonly priorityScale?: PriorityScale | undefined;
  /** Tasks whose calls may share an activity. @defaultValue none */
  readonly packed?: PackedTasks | undefined;
  /** Calls that one run makes itself; what is heavier is run in parts. @defaultValue 1,000 */
  readonly weight?: number | undefined;
  /** Outcomes of the run that this one repeats. */
  readonly known?: readonly CanvasKnown[] | undefined;
  /** Calls that are under way can be revoked. @defaultValue false */
  readonly revocable?: boolean | undefined;
  /** Those of `CANVAS_RULES` that the run began with. @defaultValue 1: runs that began before there were several */
  readonly rules?: number | undefined;
  /** Paths that were revoked before a part began. */
  readonly revoked?: readonly string[] | undefined;
}

/** Pipelines of one run at once: each is a workflow of its own, of which the server lets a run have 2,000. */
const PIPELINES = 100;

/** Makes the world. Call it once in each workflow: it also hears of parts that have ended. */
export function createCatalogueRuntime(
  facts: RunFacts,
  { watcher, noting, sent, stopped, parts, has }: Watched,
): CanvasRuntime {
  const revoked = [...(facts.revoked ?? [])];
  const { rules = 1 } = facts;
  const modern = rules >= 2;
  const isRevoked = rules >= 3 ? (path: string) => revoked.some((above) => isBelow(path, above)) : undefined;
  const { packs, ...calls } = createCatalogueCalls({ ...facts, paced: modern, sent, stopped, isRevoked });
  const revoking = createRevoking(has, revoked, facts.revocable === true, packs);
  const guarded = (given: CanvasRuntime['call']): CanvasRuntime['call'] => {
    const make = noting(given);
    return (request) => revoking.call(request, () => make(request));
  };
  const runtime = createWorkflowRuntime({
    ...watcher,
    ...calls,
    call: (request) => revoking.call(request, () => calls.call(request)),
    waits: {
      [canvasSteps.approval]: guarded(createApprovals()),
      [canvasSteps.pipeline]: withCallWindow(PIPELINES, guarded(runPipeline), () => 1),
    },
    joinsAhead: modern,
    inputOf: catalogueInput,
    errbackStyle: () => 'payload',
    partRunner: createPartRunner({ ...facts, revoked }, parts),
  });
  return { ...runtime, sleep: revoking.sleep };
}
