/**
 * Starts what nobody waits for as child workflows that outlive the run: links, error callbacks and canvases that tasks
 * send. Its result stands at once, and revoking, cancelling or terminating it does not touch what came of it.
 */
import { CancellationScope, ParentClosePolicy, startChild, uuid4, workflowInfo } from '@temporalio/workflow';
import type { CanvasRuntime } from '../../canvas/engine/runtime.ts';
import { nameOf, type Node } from '../../canvas/model/nodes.ts';
import type { DetachedCanvas } from '../../canvas/splitting/detached.ts';
import { knownIn } from '../../canvas/splitting/known-outcomes.ts';
import { cut } from '../../canvas/splitting/parts.ts';
import { weightOf } from '../../canvas/splitting/weight.ts';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import { drained } from '../calls/send-pack.ts';
import { inheritedAttributes } from '../tasks/search-attributes.ts';
import { RUN_WEIGHT } from './parts.ts';
import type { RunCanvasPart, RunFacts } from './run-input.ts';
import type { Watched } from './watching.ts';

/** Binds detached canvases to the workflow that runs. Those that become ready together share a child. */
export function createDetacher(facts: RunFacts, watching: Watched['parts']): NonNullable<CanvasRuntime['detach']> {
  const weight = facts.weight ?? RUN_WEIGHT;
  let waiting: DetachedCanvas[] = [];
  let flushing: Promise<void> | undefined;
  let started = 0;
  const start = async (canvases: readonly DetachedCanvas[]): Promise<void> => {
    started += 1;
    const workflowId = `${workflowInfo().workflowId}/detached/${started}-${uuid4().slice(0, 8)}`;
    const nodes = canvases.map(({ node }) => node);
    watching.handed(nodes, workflowId);
    const child = await startChild<RunCanvasPart>(canvasWorkflows.runCanvasPart, {
      workflowId,
      args: [{ detached: canvases, ...facts, weight, known: knownIn(nodes, facts.known) }],
      staticSummary: `${String(nodes.length)} beside ${nodes[0]?.path ?? 'nowhere'}`.slice(0, 200),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      ...inheritedAttributes(nameOfAll(nodes)),
    });
    child.result().then(
      ({ tally }) => watching.absorb(tally, workflowId),
      () => undefined, // whoever asks for it asks the child
    );
  };
  const startAll = async (): Promise<void> => {
    await drained();
    const batch = waiting;
    waiting = [];
    flushing = undefined;
    await Promise.all(cut(batch, weight, ({ node }) => weightOf(node)).map(start));
  };
  return ({ scope: { inside: _inside, ...scope }, ...canvas }) => {
    waiting.push({ ...canvas, scope });
    // A cancelled run or member does not take back what it has sent.
    flushing ??= CancellationScope.nonCancellable(startAll);
    return flushing;
  };
}

/** Several are run side by side, as a group is. */
function nameOfAll([first, ...more]: readonly Node[]): string {
  return first === undefined || more.length > 0 ? 'celery.group' : nameOf(first);
}
