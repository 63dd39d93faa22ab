/** Runs parts of a canvas as child workflows, so that no history grows with the size of the canvas. */
import {
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { withCallWindow } from '../../concurrency/call-window.ts';
import { type CanvasPart, lostPart, type PartReply, type PartRunner } from '../../canvas/splitting/parts.ts';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import { knownIn } from '../../canvas/splitting/known-outcomes.ts';
import { failureOf } from '../failures.ts';
import { inheritedAttributes } from '../tasks/search-attributes.ts';
import type { Watched } from './watching.ts';
import type { PartEnd, RunCanvasPart, RunFacts } from './run-input.ts';
import { partEnded } from './messages.ts';

/**
 * Calls that one run makes itself. Each takes three events, and in the worst
 * case a decision of three more: 6,000 events, where a server warns at 10,240
 * and stops at 51,200. Light canvases that tasks add may double that.
 */
export const RUN_WEIGHT = 1000;

/**
 * Parts of one run that are under way at once. Each keeps up to 500 calls under
 * way, and hears of several that have ended in one step: more parts would share
 * the same workers, with smaller steps each, which costs the server more.
 */
const PARTS_IN_FLIGHT = 2;
/** Parts of one run that are under way at once where calls share activities: such parts end so soon that starting them counts. */
const PACKED_PARTS_IN_FLIGHT = 4;

interface Handed {
  readonly part: CanvasPart;
  readonly beside: (rest: Promise<unknown>) => void;
}

/** Binds parts to the workflow that runs. */
export function createPartRunner(facts: RunFacts, watching: Watched['parts']): PartRunner {
  const weight = facts.weight ?? RUN_WEIGHT;
  const waiting = new Map<string, (reply: PartReply) => void>();
  setHandler(partEnded, ({ part, reply }) => waiting.get(part)?.(reply));
  let started = 0;
  const run = withCallWindow(partsAtOnce(facts), ({ part, beside }: Handed): Promise<PartReply> => {
    started += 1;
    // Random, because a run with the same name may begin while the parts of the last one are still being cancelled.
    const workflowId = `${workflowInfo().workflowId}/part/${started}-${uuid4().slice(0, 8)}`;
    watching.handed(part.nodes, workflowId);
    const child = startPart(workflowId, part, { ...facts, weight }).then(({ reply, tally }) => {
      watching.absorb(tally, workflowId);
      return reply;
    });
    beside(child.catch(rethrowCancellation));
    const early = new Promise<PartReply>((resolve) => waiting.set(workflowId, resolve));
    return Promise.race([early, child.then((reply) => reply ?? early)])
      .catch((error: unknown) => {
        rethrowCancellation(error);
        return lostPart(part, failureOfPart(error), Date.now());
      })
      .finally(() => waiting.delete(workflowId));
  });
  return { weight, run: (part, beside) => run({ part, beside }) };
}

function partsAtOnce({ packed = {} }: RunFacts): number {
  return Object.keys(packed).length === 0 ? PARTS_IN_FLIGHT : PACKED_PARTS_IN_FLIGHT;
}

function startPart(workflowId: string, part: CanvasPart, facts: RunFacts): Promise<PartEnd> {
  const [first] = part.nodes;
  return executeChild<RunCanvasPart>(canvasWorkflows.runCanvasPart, {
    workflowId,
    args: [{ part, ...facts, known: knownIn(part.nodes, facts.known) }],
    staticSummary: `${String(part.nodes.length)} from ${first?.path ?? 'nowhere'}`.slice(0, 200),
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    // When the run is terminated, its parts stop as well, and tell their activities so.
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    ...inheritedAttributes(),
  });
}

function failureOfPart(error: unknown): { readonly type: string; readonly message: string } {
  const { type, message } = failureOf(error instanceof ChildWorkflowFailure ? error.cause : error);
  return { type, message };
}

function rethrowCancellation(error: unknown): void {
  if (isCancellation(error)) throw error;
}
