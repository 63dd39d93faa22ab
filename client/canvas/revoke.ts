/** Revokes calls of a running canvas. */
import { type WorkflowExecutionDescription, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { canvasMessages } from '../../contracts/canvas/vocabulary.ts';
import { canvasPathSchema } from '../../contracts/canvas/schema.ts';
import { describe, type RunOf } from './queries.ts';
import { openParts, whileThere } from './part-runs.ts';
import type { RevokedCalls } from './types.ts';
import { Ended } from '../connection/errors.ts';
import { statusOf } from '../connection/handles.ts';
import type { Rpc } from '../connection/rpc.ts';
import { InvalidInput, validate } from '../connection/validate.ts';

/**
 * Revokes the calls at and below a path, also of callbacks that go on when the canvas has ended.
 *
 * @throws NotFound, Ended, InvalidInput the path does not exist
 */
export async function revokeCalls(rpc: Rpc, workflowId: string, given: string): Promise<RevokedCalls> {
  const path = validate(canvasPathSchema, given, 'path');
  const description = await describe(rpc, workflowId);
  const calls = await tellAll(rpc, description, path);
  if (calls !== undefined) return { status: 'revoked', id: workflowId, path, calls };
  const status = statusOf(description);
  if (status !== 'running') throw new Ended(workflowId, status);
  throw new InvalidInput([{ field: 'path', expected: 'a node of the tree, such as root/0', got: path.slice(0, 200) }]);
}

/**
 * Sends the update to a run that is running, and to its running parts; the run itself informs parts that begin later.
 *
 * @returns the number of calls that were running; `undefined` when no run has such a node
 */
async function tellAll(rpc: Rpc, run: WorkflowExecutionDescription, path: string): Promise<number | undefined> {
  const own = statusOf(run) === 'running' ? await tell(rpc, run, path) : undefined;
  const parts = (await openParts(rpc, run)).map((part) => whileThere(() => tellAll(rpc, part, path)));
  const told = [own, ...(await Promise.all(parts))].filter((calls) => calls !== undefined);
  return told.length === 0 ? undefined : told.reduce((sum, calls) => sum + calls, 0);
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
