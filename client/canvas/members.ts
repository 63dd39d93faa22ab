/** Finds the run that makes a call, by the id of the call alone. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { memberKey, MORE_MEMBERS, runOfMember } from '../../contracts/canvas/members.ts';
import { canvasMessages, canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import type { CanvasMember } from '../../contracts/canvas/views.ts';
import { searchAttributes } from '../../contracts/tasks/calls.ts';
import { isUnknownAttribute } from '../connection/errors.ts';
import { pauseFor, type Rpc } from '../connection/rpc.ts';
import { ask, describe } from './queries.ts';
import { whileThere } from './part-runs.ts';
import { rememberedRun } from './started-members.ts';

/** A call of a canvas. */
export interface FoundMember {
  /** The run that was asked: the canvas, or the part that makes the call. */
  readonly run: WorkflowExecutionDescription;
  readonly member: CanvasMember;
}

/** Runs that are asked for one id: several runs of a canvas may have named the same one, and the last one counts. */
const RUNS_ASKED = 20;

/** Time after which the index of a server that is not overloaded knows a run that has been started, in milliseconds. */
const INDEX_LAG_MS = 300;

/** Finds a call by its id. @throws Unavailable no worker answers for its run */
export async function findMember(rpc: Rpc, id: string): Promise<FoundMember | undefined> {
  const known = [runOfMember(id), rememberedRun(rpc, id)].filter((run) => run !== undefined);
  for (const workflowId of known) {
    const found = await memberIn(rpc, workflowId, id);
    if (found !== undefined) return found;
  }
  const found = await indexedMember(rpc, id);
  if (found !== undefined) return found;
  await pauseFor(INDEX_LAG_MS);
  return indexedMember(rpc, id);
}

async function indexedMember(rpc: Rpc, id: string): Promise<FoundMember | undefined> {
  for (const key of [memberKey(id), MORE_MEMBERS]) {
    for (const workflowId of await runsWith(rpc, key)) {
      const found = await memberIn(rpc, workflowId, id);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Asks a run, and the part that it has given the call to. */
async function memberIn(rpc: Rpc, workflowId: string, id: string): Promise<FoundMember | undefined> {
  const run = await whileThere(() => describe(rpc, workflowId));
  if (run === undefined || !Object.hasOwn(canvasWorkflows, run.type)) return undefined;
  const member = await ask<CanvasMember | null>(rpc, run, canvasMessages.member, id);
  if (member === null) return undefined;
  const inPart = member.part === undefined ? undefined : await memberIn(rpc, member.part, id);
  return inPart ?? { run, member };
}

/** Returns the runs with a key, the last one first. */
async function runsWith(rpc: Rpc, key: string): Promise<readonly string[]> {
  const query = `${searchAttributes.members} = '${key}'`;
  const { namespace } = rpc.client.options;
  try {
    const { executions } = await rpc.call(key, (client) =>
      client.workflowService.listWorkflowExecutions({ namespace, query, pageSize: RUNS_ASKED }),
    );
    return executions.flatMap(({ execution }) => execution?.workflowId ?? []);
  } catch (error) {
    if (isUnknownAttribute(error)) return []; // no worker has prepared this server
    throw error;
  }
}
