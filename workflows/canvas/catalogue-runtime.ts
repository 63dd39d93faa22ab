/** The runtime of canvases over the catalogue, for runs and parts alike. */
import { withCallWindow } from '../../concurrency/call-window.ts';
import type { CanvasRuntime } from '../../canvas/engine/runtime.ts';
import { canvasSteps } from '../../contracts/canvas/steps.ts';
import { createApprovals } from './approvals.ts';
import { catalogueInput, createCatalogueCalls } from './catalogue-calls.ts';
import { createDetacher } from './detached.ts';
import { parkMsOfMemo } from '../parked/place.ts';
import { parkFailures } from './parked.ts';
import { createPartRunner } from './parts.ts';
import { createPipelines } from './pipelines.ts';
import { createRevoking, isBelow } from './revoking.ts';
import { createWorkflowRuntime } from './runtime.ts';
import type { Watched } from './watching.ts';
import type { RunFacts } from './run-input.ts';

/** Pipelines of one run at once: the server allows 2,000 child workflows of one run. */
const PIPELINES = 100;

/**
 * Makes the runtime. Call it once in each workflow, because it registers message handlers.
 * Links, error callbacks and sent canvases become runs of their own, unless `detaches` is false.
 */
export function createCatalogueRuntime(
  given: RunFacts,
  { watcher, noting, sent, stopped, parts, has }: Watched,
  { detaches = true }: { readonly detaches?: boolean } = {},
): CanvasRuntime {
  const revoked = [...(given.revoked ?? [])];
  const facts = { ...given, revoked, parkMs: given.parkMs ?? parkMsOfMemo() };
  const isRevoked = (path: string): boolean => revoked.some((above) => isBelow(path, above));
  const { packs, ...calls } = createCatalogueCalls({ ...facts, sent, stopped, isRevoked });
  const revoking = createRevoking(has, revoked, packs);
  const parking = parkFailures(facts.parkMs, isRevoked);
  const guarded = (step: CanvasRuntime['call']): CanvasRuntime['call'] => {
    const make = noting(step);
    return (request) => revoking.call(request, () => make(request));
  };
  const runtime = createWorkflowRuntime({
    ...watcher,
    ...calls,
    call: parking((request) => revoking.call(request, () => calls.call(request))),
    waits: {
      [canvasSteps.approval]: guarded(createApprovals()),
      [canvasSteps.pipeline]: parking(withCallWindow(PIPELINES, guarded(createPipelines(facts.pipelines)), () => 1)),
    },
    inputOf: catalogueInput,
    errbackStyle: () => 'payload',
    partRunner: createPartRunner(facts, parts),
    ...(detaches ? { detach: createDetacher(facts, parts) } : {}),
  });
  return { ...runtime, sleep: revoking.sleep };
}
