/** Revokes calls of a running canvas. */
import { type WorkflowExecutionDescription, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { canvasMessages } from '../../contracts/canvas/vocabulary.ts';
import { canvasPathSchema } from '../../contracts/canvas/schema.ts';
import { describe, type RunOf } from './queries.ts';
import { partsUnderWay, whileThere } from './part-runs.ts';
import type { RevokedCalls } from './types.ts';
import { Ended } from '../connection/errors.ts';
import { statusOf } from '../connection/handles.ts';
import type { Rpc } from '../connection/rpc.ts';
import { InvalidInput, validate } from '../connection/validate.ts';

/** Revokes the calls at and below a path. @throws NotFound, Ended, InvalidInput the path does not exist */
export async function revokeCalls(rpc: Rpc, workflowId: string, given: string): Promise<RevokedCalls> {
  const path = validate(canvasPathSchema, given, 'path');
  const description = await describe(rpc, workflowId);
  const status = statusOf(description);
  if (status !== 'running') throw new Ended(workflowId, status);
  const own = await tell(rpc, description, path);
  if (own === undefined)
    throw new InvalidInput([
      { field: 'path', expected: 'a node of the tree, such as root/0', got: path.slice(0, 200) },
    ]);
  return { status: 'revoked', id: workflowId, path, calls: own + (await tellParts(rpc, description, path)) };
}

/** Revokes the calls in running parts; the run itself informs parts that begin later. */
async function tellParts(rpc: Rpc, run: WorkflowExecutionDescription, path: string): Promise<number> {
  const calls = partsUnderWay(run).map((part) =>
    whileThere(async () => {
      const description = await describe(rpc, part.workflowId);
      const own = (await tell(rpc, description, path)) ?? 0;
      return own + (await tellParts(rpc, description, path));
    }),
  );
  return (await Promise.all(calls)).reduce<number>((sum, part) => sum + (part ?? 0), 0);
}

/** Sends the update to one run. @returns the number of calls that were running; `undefined` when the run has no such node */
async function tell(rpc: Rpc, { workflowId, runId }: RunOf, path: string): Promise<number | undefined> {
  try {
    return await rpc.call(workflowId, (client) =>
      client.workflow
        .getHandle(workflowId, runId)
        .executeUpdate<number, [string]>(canvasMessages.revoke, { args: [path] }),
    );
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) return undefined;
    throw error;
  }
}
