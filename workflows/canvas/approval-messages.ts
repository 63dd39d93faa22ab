/** Messages of a canvas that waits for a person. Definitions only: clients import this file by value. */
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import { type ApprovalDecision, approvalMessages, type PendingApproval } from '../../contracts/canvas/steps.ts';

/** Steps that wait. */
export const approvalsQuery = defineQuery<readonly PendingApproval[]>(approvalMessages.approvals);

/** What was decided in this run. */
export const decisionsQuery = defineQuery<readonly ApprovalDecision[]>(approvalMessages.decisions);

/** Decides one; gives the decision that counts. Refused where nothing waits, or where it was decided otherwise. */
export const decideUpdate = defineUpdate<ApprovalDecision, [ApprovalDecision]>(approvalMessages.decide);
