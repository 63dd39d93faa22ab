/** Progress of a run, combined from the run's own counts and the server's view of its calls. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import proto from '@temporalio/proto';
import { canvasMessages } from '../../contracts/canvas/vocabulary.ts';
import type {
  CanvasFailedMember,
  CanvasOwnProgress,
  CanvasProgress,
  CanvasTreeNode,
  CanvasTreeQuery,
} from '../../contracts/canvas/views.ts';
import { treeQuerySchema } from '../../contracts/canvas/schema.ts';
import { ask, askAll, describe } from './queries.ts';
import { type HeardPart, whileThere, withParts } from './part-runs.ts';
import { pieceOf } from './tree.ts';
import type { CanvasView } from './types.ts';
import { statusOf } from '../connection/handles.ts';
import type { Rpc } from '../connection/rpc.ts';
import { validate } from '../connection/validate.ts';

const { PendingActivityState } = proto.temporal.api.enums.v1;

/** Returns the progress of a run. @throws NotFound, Unavailable no worker answers the query */
export async function progressOf(rpc: Rpc, workflowId: string): Promise<CanvasView> {
  const description = await describe(rpc, workflowId);
  const status = statusOf(description);
  const progress = await countsOf(rpc, description);
  return { id: workflowId, status, ...progress };
}

/** Returns the counts of a run and of the parts that have not reported their end. */
async function countsOf(rpc: Rpc, description: WorkflowExecutionDescription): Promise<CanvasProgress> {
  const { parts, ...own } = await ask<CanvasOwnProgress>(rpc, description, canvasMessages.progress);
  const counts = statusOf(description) === 'running' ? split(own, description) : settled(own);
  const found: HeardPart[] = [];
  // Only a few are queried at once, because a stopped run may have many parts that never report.
  for (let at = 0; at < parts.length; at += PARTS_AT_ONCE) {
    const some = parts
      .slice(at, at + PARTS_AT_ONCE)
      .map(({ workflowId, calls }) =>
        whileThere(async () => ({ calls, progress: await countsOf(rpc, await describe(rpc, workflowId)) })),
      );
    found.push(...(await Promise.all(some)).filter((part) => part !== undefined));
  }
  return withParts(counts, found, Date.now());
}

/** Parts of one run that are queried at once; a run also executes as many at once. */
const PARTS_AT_ONCE = 4;

/** Splits the scheduled calls into waiting and running ones, which only the server can distinguish. */
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

/** Corrects the counts of a terminated run, which could not update them itself. */
function settled(progress: CanvasProgress): CanvasProgress {
  if (progress.over) return progress;
  const { running, waiting, retrying, revoked, skipped } = progress;
  const ended = { revoked: revoked + running + retrying, skipped: skipped + waiting };
  return { ...progress, ...ended, running: 0, waiting: 0, retrying: 0, over: true, remainingMs: 0 };
}

/** Returns a piece of the tree with times, including nodes in parts. @throws NotFound, InvalidInput the path does not exist */
export async function treeOf(rpc: Rpc, workflowId: string, query: CanvasTreeQuery = {}): Promise<CanvasTreeNode> {
  return await pieceOf(rpc, workflowId, validate(treeQuerySchema, query, 'query'));
}

/** Returns the calls that failed or were revoked, in that order, up to `limit`. */
export async function failedMembersOf(
  rpc: Rpc,
  workflowId: string,
  limit: number,
): Promise<readonly CanvasFailedMember[]> {
  const description = await describe(rpc, workflowId);
  const found = await askAll<CanvasFailedMember>(rpc, description, canvasMessages.failedMembers, limit);
  return found.slice(0, limit);
}
