import { getExternalWorkflowHandle, isCancellation, workflowInfo } from '@temporalio/workflow';
import { runPart } from '../../canvas/engine/engine.ts';
import type { PartReply } from '../../canvas/splitting/parts.ts';
import { allSettledOrThrow } from '../../canvas/model/scope.ts';
import { createCatalogueRuntime } from './catalogue-runtime.ts';
import { watchRun } from './watching.ts';
import type { RunCanvasPartInput, PartEnd } from './run-input.ts';
import { partEnded } from './messages.ts';

/**
 * Runs a part of an oversized canvas; runs and other parts start it. It ends when
 * all of its work has ended. When links and error callbacks outlive its nodes, it
 * signals the reply to its run as soon as the nodes have ended.
 */
export async function runCanvasPart({ part, ...facts }: RunCanvasPartInput): Promise<PartEnd> {
  const watched = watchRun(`part from ${part.nodes[0]?.path ?? 'nowhere'}`, { known: facts.known });
  try {
    const { reply, busy, rest } = runPart(createCatalogueRuntime(facts, watched), part);
    const told = reply.then((ended) => busy() && tellParent(ended));
    const [early] = await allSettledOrThrow<unknown>([told, rest]);
    watched.finish();
    return { reply: early === true ? null : await reply, tally: watched.tally() };
  } finally {
    watched.finish();
  }
}

/** Signals the reply to the run that has started this part; false when that run has ended. */
async function tellParent(reply: PartReply): Promise<boolean> {
  const { parent, workflowId } = workflowInfo();
  if (parent === undefined) return false;
  try {
    await getExternalWorkflowHandle(parent.workflowId).signal(partEnded, { part: workflowId, reply });
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return false; // the run has ended already
  }
}
