/** Messages of a running canvas. Definitions only: clients import this file by value. */
import { defineQuery, defineUpdate, defineSignal } from '@temporalio/workflow';
import { canvasMessages, PART_ENDED } from '../../contracts/canvas/vocabulary.ts';
import type {
  CanvasFailedMember,
  CanvasKnown,
  CanvasMember,
  CanvasNodesQuery,
  CanvasOwnProgress,
  CanvasPage,
  CanvasTreeNode,
  CanvasTreeQuery,
} from '../../contracts/canvas/views.ts';
import type { PartReply } from '../../canvas/splitting/parts.ts';

/** How far the run is; costs the same for any size. */
export const progressQuery = defineQuery<CanvasOwnProgress>(canvasMessages.progress);

/** A piece of the tree; `null` where there is no such node. */
export const treeQuery = defineQuery<CanvasTreeNode | null, [CanvasTreeQuery?]>(canvasMessages.tree);

/** Several pieces of the tree, in the order of the question, as many as there is room for; `null` for what is not there. */
export const nodesQuery = defineQuery<readonly (CanvasTreeNode | null)[], [CanvasNodesQuery]>(canvasMessages.nodes);

/** Calls that failed or were revoked, from a position on. */
export const failedMembersQuery = defineQuery<CanvasPage<CanvasFailedMember>, [number?]>(canvasMessages.failedMembers);

/** What calls gave, from a position on; complete once the run has ended. */
export const outcomesQuery = defineQuery<CanvasPage<CanvasKnown>, [number?]>(canvasMessages.outcomes);

/** A call by its id; `null` where the run has no such call. */
export const memberQuery = defineQuery<CanvasMember | null, [string]>(canvasMessages.member);

/** Stops the calls at and below a path; gives how many were under way. */
export const revokeUpdate = defineUpdate<number, [string]>(canvasMessages.revoke);

/** Sent by a part whose nodes have ended while calls that they started, such as links, are still running. */
export const partEnded = defineSignal<[{ readonly part: string; readonly reply: PartReply }]>(PART_ENDED);
