/** Parts of a run that are workflows of their own: which there are, and what they know. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { canvasMessages, canvasWorkflows } from '../contracts/canvas.ts';
import type { CanvasKnown, CanvasProgress } from '../contracts/canvas-views.ts';
import { askAll, type RunOf } from './canvas-ask.ts';
import { NotFound } from './errors.ts';
import type { Rpc } from './rpc.ts';

/** All calls that succeeded in a run, those of its parts included. */
export async function outcomesOf(rpc: Rpc, run: RunOf): Promise<readonly CanvasKnown[]> {
  const own = await askAll<CanvasKnown>(rpc, run, canvasMessages.outcomes);
  const parts = await partsOf(rpc, run);
  const theirs: (readonly CanvasKnown[])[] = [];
  for (const part of parts) theirs.push(await outcomesOf(rpc, part));
  return [...own, ...theirs.flat()];
}

/** Every part that a run has started, from its history. */
async function partsOf(rpc: Rpc, { workflowId, runId }: RunOf): Promise<readonly RunOf[]> {
  const { events } = await rpc.call(workflowId, (client) =>
    client.workflow.getHandle(workflowId, runId).fetchHistory(),
  );
  return (events ?? []).flatMap((event) => {
    const started = event.childWorkflowExecutionStartedEventAttributes;
    const { workflowId: id, runId: run } = started?.workflowExecution ?? {};
    return started?.workflowType?.name === canvasWorkflows.runCanvasPart && id && run
      ? [{ workflowId: id, runId: run }]
      : [];
  });
}

/** Parts that are under way, from what the server knows of a run; bounded, because a run has few at a time. */
export function partsUnderWay({ raw }: WorkflowExecutionDescription): readonly RunOf[] {
  return (raw.pendingChildren ?? []).flatMap(({ workflowId, runId, workflowTypeName }) =>
    workflowTypeName === canvasWorkflows.runCanvasPart && workflowId && runId ? [{ workflowId, runId }] : [],
  );
}

/** Looks at a part; `undefined` when it is over before anybody looked. */
export async function whileThere<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Counts of a run with those of a part that it has not heard of yet. */
export function withPart(run: CanvasProgress, part: CanvasProgress): CanvasProgress {
  const { total, waiting, running, retrying, succeeded, failed, revoked, replaced, skipped, kept } = part;
  return {
    ...run,
    waiting: Math.max(0, run.waiting - total) + waiting,
    running: run.running + running,
    retrying: run.retrying + retrying,
    succeeded: run.succeeded + succeeded,
    failed: run.failed + failed,
    revoked: run.revoked + revoked,
    replaced: run.replaced + replaced,
    skipped: run.skipped + skipped,
    kept: run.kept + kept,
  };
}
