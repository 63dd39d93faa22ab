/** Histories of failed runs. */
import type { WorkflowHandle } from '@temporalio/client';
import type { Rpc } from '../connection/rpc.ts';

/** What the server has noted of a run. */
export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** One entry of a history. */
export type HistoryEvent = NonNullable<History['events']>[number];

/** A run by its two ids. */
export interface RunId {
  readonly workflowId: string;
  readonly runId: string;
}

/** Reads the whole history of a run. @throws NotFound, Unavailable */
export function readHistory(rpc: Rpc, { workflowId, runId }: RunId): Promise<History> {
  return rpc.call(workflowId, (client) => client.workflow.getHandle(workflowId, runId).fetchHistory());
}
