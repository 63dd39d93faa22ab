/** What persons decide about canvases that wait for them. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { approvalSchema } from '../contracts/canvas.schema.ts';
import type { ApprovalDecision, PendingApproval } from '../contracts/canvas-steps.ts';
import { PerennialError } from '../contracts/failures.ts';
import { approvalsQuery, decideUpdate } from '../workflows/canvas/approval-messages.ts';
import { translateError } from './errors.ts';
import type { Rpc } from './rpc.ts';
import { validate } from './validate.ts';

/** Who decides, and why. */
export interface Decider {
  /** A name or an address, at most 200 characters. */
  readonly by: string;
  /** At most 2,000 characters. */
  readonly note?: string | undefined;
}

/** Approvals of runs, by the name a run was started with or its workflow id. */
export interface CanvasApprovals {
  /** Steps that wait for a person now. */
  approvals(id: string): Promise<readonly PendingApproval[]>;
  /**
   * Lets a step go on. The same decision by the same person again changes nothing.
   *
   * @param path - where it stands, as {@link CanvasApprovals.approvals} gives it
   * @returns the decision that counts
   * @throws InvalidInput where nothing waits there, or somebody has decided otherwise
   */
  approve(id: string, path: string, decider: Decider): Promise<ApprovalDecision>;
  /** As `approve`: the step fails with `ApprovalRejected`, or gives the decision where it was asked for that. */
  reject(id: string, path: string, decider: Decider): Promise<ApprovalDecision>;
}

/** Binds approvals to a connection. */
export function createCanvasApprovals(rpc: Rpc, workflowIdOf: (id: string) => string): CanvasApprovals {
  const decide = async (id: string, wanted: unknown): Promise<ApprovalDecision> => {
    const decision = validate(approvalSchema, wanted, 'approval');
    const workflowId = workflowIdOf(id);
    return rpc.call(workflowId, async ({ workflow }) => {
      try {
        return await workflow.getHandle(workflowId).executeUpdate(decideUpdate, { args: [decision] });
      } catch (error) {
        throw refusalOf(error, workflowId, rpc.address);
      }
    });
  };
  return {
    approvals: (id) => {
      const workflowId = workflowIdOf(id);
      return rpc.call(workflowId, ({ workflow }) => workflow.getHandle(workflowId).query(approvalsQuery));
    },
    approve: (id, path, decider) => decide(id, { ...decider, path, decision: 'approve' }),
    reject: (id, path, decider) => decide(id, { ...decider, path, decision: 'reject' }),
  };
}

/** A refused update says why in its cause. */
function refusalOf(error: unknown, id: string, address: string): Error {
  if (!(error instanceof WorkflowUpdateFailedError)) return translateError(error, id, address);
  const { cause = error } = error;
  return new PerennialError('InvalidInput', cause.message, { cause });
}
