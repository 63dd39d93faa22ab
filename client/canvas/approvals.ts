/** Approvals: lists the steps that wait for a person, and sends decisions about them. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import { approvalSchema } from '../../contracts/canvas/schema.ts';
import { type ApprovalDecision, type PendingApproval, refusalOfDecision } from '../../contracts/canvas/steps.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { approvalsQuery, decideUpdate, decisionsQuery } from '../../workflows/canvas/approval-messages.ts';
import { ask, describe, type RunOf } from './queries.ts';
import { openParts, whileThere } from './part-runs.ts';
import { translateError } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';
import { validate } from '../connection/validate.ts';

/**
 * The person who decides, and the reason.
 *
 * @example
 * ```ts
 * import type { Decider } from './client/index.ts';
 *
 * const decider: Decider = { by: 'ada@example.com', note: 'the figures are right' };
 * await perennial.canvas.approve('year-end', 'root/1', decider);
 * ```
 */
export interface Decider {
  /** Name or address of the person, at most 200 characters. */
  readonly by: string;
  /** Reason, at most 2,000 characters. */
  readonly note?: string | undefined;
}

/** Approvals of runs, by the name a run was started with or its workflow id. */
export interface CanvasApprovals {
  /** Lists the steps that wait for a person, including those in parts. */
  approvals(id: string): Promise<readonly PendingApproval[]>;
  /**
   * Lets a step continue. Repeating the same decision by the same person changes nothing.
   *
   * @param path - path of the step, as returned by {@link CanvasApprovals.approvals}
   * @returns the decision that is in effect
   * @throws InvalidInput no step waits at the path, or another decision was made
   */
  approve(id: string, path: string, decider: Decider): Promise<ApprovalDecision>;
  /** Rejects a step, which fails with `ApprovalRejected`, or returns the decision if the canvas asks for it. Otherwise as `approve`. */
  reject(id: string, path: string, decider: Decider): Promise<ApprovalDecision>;
}

/** Binds approvals to a connection. */
export function createCanvasApprovals(rpc: Rpc, workflowIdOf: (id: string) => string): CanvasApprovals {
  const decide = async (id: string, wanted: unknown): Promise<ApprovalDecision> => {
    const decision = validate(approvalSchema, wanted, 'approval');
    const { workflowId } = await runThatAsks(rpc, workflowIdOf(id), decision.path);
    return rpc.call(workflowId, async ({ workflow }) => {
      try {
        return await workflow.getHandle(workflowId).executeUpdate(decideUpdate, { args: [decision] });
      } catch (error) {
        throw refusalOf(error, workflowId, rpc.address);
      }
    });
  };
  return {
    approvals: async (id) => (await askRuns(rpc, workflowIdOf(id), approvalsQuery)).flatMap(({ entries }) => entries),
    approve: (id, path, decider) => decide(id, { ...decider, path, decision: 'approve' }),
    reject: (id, path, decider) => decide(id, { ...decider, path, decision: 'reject' }),
  };
}

interface Answer<T> {
  readonly run: RunOf;
  readonly entries: readonly T[];
}

/** Queries a run and its running parts, because a step waits in the run of its part. */
async function askRuns<T>(
  rpc: Rpc,
  workflowId: string,
  question: QueryDefinition<readonly T[]>,
): Promise<readonly Answer<T>[]> {
  const run = await describe(rpc, workflowId);
  const entries = await ask<readonly T[]>(rpc, run, question.name);
  const parts = (await openParts(rpc, run)).map((part) => whileThere(() => askRuns(rpc, part.workflowId, question)));
  return [{ run, entries }, ...(await Promise.all(parts)).flatMap((answers) => answers ?? [])];
}

/** Finds the run in which a step waits or has waited. @throws NotFound, PerennialError `InvalidInput` no run has such a step */
async function runThatAsks(rpc: Rpc, workflowId: string, path: string): Promise<RunOf> {
  const isMeant = (entry: { readonly path: string }): boolean => entry.path === path;
  const waiting = await askRuns<PendingApproval>(rpc, workflowId, approvalsQuery);
  const asks = waiting.find(({ entries }) => entries.some(isMeant));
  if (asks !== undefined) return asks.run;
  const decided = await askRuns<ApprovalDecision>(rpc, workflowId, decisionsQuery);
  const asked = decided.find(({ entries }) => entries.some(isMeant));
  if (asked !== undefined) return asked.run;
  const open = waiting.flatMap(({ entries }) => entries.map((entry) => entry.path));
  throw new PerennialError('InvalidInput', refusalOfDecision(path, open));
}

/** Converts a refused update, whose cause holds the reason. */
function refusalOf(error: unknown, id: string, address: string): Error {
  if (!(error instanceof WorkflowUpdateFailedError)) return translateError(error, id, address);
  const { cause = error } = error;
  return new PerennialError('InvalidInput', cause.message, { cause });
}
