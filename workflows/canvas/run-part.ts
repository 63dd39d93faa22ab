import { getExternalWorkflowHandle, isCancellation, workflowInfo } from '@temporalio/workflow';
import { runDetached, runPart } from '../../canvas/engine/engine.ts';
import type { PartReply } from '../../canvas/splitting/parts.ts';
import { allSettledOrThrow } from '../../canvas/model/scope.ts';
import { createCatalogueRuntime } from './catalogue-runtime.ts';
import { type Watched, watchRun } from './watching.ts';
import type { PartEnd, RunCanvasPartInput } from './run-input.ts';
import { partEnded } from './messages.ts';

/**
 * Runs a part of an oversized canvas, or canvases that go on beside one; runs and other parts start it. A part of a canvas
 * signals its reply to its run when its nodes have ended, and ends when what was cancelled in it has come to rest.
 */
export async function runCanvasPart(input: RunCanvasPartInput): Promise<PartEnd> {
  const watched = watchRun(nameOf(input), { known: input.known });
  try {
    const reply = 'part' in input ? await runOwn(input, watched) : await runBeside(input, watched);
    watched.finish();
    return { reply, tally: watched.tally() };
  } finally {
    watched.finish();
  }
}

function nameOf(input: RunCanvasPartInput): string {
  if ('part' in input) return `part from ${input.part.nodes[0]?.path ?? 'nowhere'}`;
  return `detached: ${input.detached[0]?.node.path ?? 'nothing'}`;
}

async function runOwn({ part, ...facts }: PartInput, watched: Watched): Promise<PartReply | null> {
  const { reply, busy, rest } = runPart(createCatalogueRuntime(facts, watched), part);
  const told = reply.then((ended) => busy() && tellParent(ended));
  const [early] = await allSettledOrThrow<unknown>([told, rest]);
  return early === true ? null : await reply;
}

async function runBeside({ detached, ...facts }: DetachedInput, watched: Watched): Promise<null> {
  await runDetached(createCatalogueRuntime(facts, watched, { detaches: false }), detached);
  return null;
}

type PartInput = Extract<RunCanvasPartInput, { readonly part: unknown }>;
type DetachedInput = Extract<RunCanvasPartInput, { readonly detached: unknown }>;

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
