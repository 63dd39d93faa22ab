/** Shows where a run stands: what the run remembers of itself, and what only the server knows of its calls. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import proto from '@temporalio/proto';
import { canvasMessages } from '../contracts/canvas.ts';
import type { CanvasFailedMember, CanvasProgress, CanvasTreeNode, CanvasTreeQuery } from '../contracts/canvas-views.ts';
import { treeQuerySchema } from '../contracts/canvas.schema.ts';
import { ask, askAll } from './canvas-ask.ts';
import { partsUnderWay, whileThere, withPart } from './canvas-parts.ts';
import { timesOf, withTimes } from './canvas-times.ts';
import type { CanvasView } from './canvas-types.ts';
import { NotFound } from './errors.ts';
import { statusOf } from './handles.ts';
import type { Rpc } from './rpc.ts';
import { validate } from './validate.ts';

const { PendingActivityState } = proto.temporal.api.enums.v1;

/** How far a run is. @throws NotFound, Unavailable when no worker answers for it */
export async function progressOf(rpc: Rpc, workflowId: string): Promise<CanvasView> {
  const description = await describe(rpc, workflowId);
  const status = statusOf(description);
  const progress = await countsOf(rpc, description);
  return { id: workflowId, status, ...(status === 'running' ? progress : settled(progress)) };
}

/** Counts of a run and of its parts that are under way; of parts that are over the run has heard. */
async function countsOf(rpc: Rpc, description: WorkflowExecutionDescription): Promise<CanvasProgress> {
  const progress = await ask<CanvasProgress>(rpc, description, canvasMessages.progress);
  if (statusOf(description) !== 'running') return progress;
  const parts = partsUnderWay(description).map(({ workflowId }) =>
    whileThere(async () => countsOf(rpc, await describe(rpc, workflowId))),
  );
  const found = (await Promise.all(parts)).filter((part) => part !== undefined);
  return found.reduce(withPart, split(progress, description));
}

/** A run sees only that it has handed calls out; the server knows which of them wait for a worker. */
function split(progress: CanvasProgress, { raw }: WorkflowExecutionDescription): CanvasProgress {
  const waits = PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED;
  const waiting = (raw.pendingActivities ?? []).filter(({ state }) => state === waits);
  const retrying = Math.min(progress.running, waiting.filter(({ attempt }) => (attempt ?? 1) > 1).length);
  const queued = Math.min(progress.running - retrying, waiting.length - retrying);
  return {
    ...progress,
    waiting: progress.waiting + queued,
    running: progress.running - queued - retrying,
    retrying: progress.retrying + retrying,
  };
}

/** A run that was terminated could not put its own house in order. */
function settled(progress: CanvasProgress): CanvasProgress {
  if (progress.over) return progress;
  const { running, waiting, retrying, revoked, skipped } = progress;
  const ended = { revoked: revoked + running + retrying, skipped: skipped + waiting };
  return { ...progress, ...ended, running: 0, waiting: 0, retrying: 0, over: true, remainingMs: 0 };
}

/** A piece of the tree, with times. @throws NotFound, InvalidInput for a path that is not there */
export async function treeOf(rpc: Rpc, workflowId: string, query: CanvasTreeQuery = {}): Promise<CanvasTreeNode> {
  const checked = validate(treeQuerySchema, query, 'query');
  const description = await describe(rpc, workflowId);
  const tree = await ask<CanvasTreeNode | null>(rpc, description, canvasMessages.tree, checked);
  if (tree === null) throw new NotFound(`${workflowId} ${checked.path ?? 'root'}`, 'node');
  const history = await rpc.call(workflowId, (client) =>
    client.workflow.getHandle(workflowId, description.runId).fetchHistory(),
  );
  const timed = withTimes(tree, timesOf(history, description.raw.pendingActivities ?? [], Date.now()));
  return statusOf(description) === 'running' ? timed : atRest(timed);
}

/** Nothing goes on in a run that has ended, whatever it last knew. */
function atRest(node: CanvasTreeNode): CanvasTreeNode {
  const { state, children } = node;
  const rest = state === 'waiting' ? 'skipped' : state === 'running' || state === 'retrying' ? 'revoked' : state;
  return { ...node, state: rest, ...(children === undefined ? {} : { children: children.map(atRest) }) };
}

/** Calls that failed or were revoked, in the order in which they did; up to `limit`. */
export async function failedMembersOf(
  rpc: Rpc,
  workflowId: string,
  limit: number,
): Promise<readonly CanvasFailedMember[]> {
  const description = await describe(rpc, workflowId);
  const found = await askAll<CanvasFailedMember>(rpc, description, canvasMessages.failedMembers, limit);
  return found.slice(0, limit);
}

/** What the server knows of a run. @throws NotFound */
export function describe(rpc: Rpc, workflowId: string): Promise<WorkflowExecutionDescription> {
  return rpc.call(workflowId, (client) => client.workflow.getHandle(workflowId).describe());
}
