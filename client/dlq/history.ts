/** Histories of failed runs. */
import type { WorkflowHandle } from '@temporalio/client';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
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

/** The parts of a canvas that a run of it has started. */
export function partsIn({ events }: History): readonly RunId[] {
  return (events ?? []).flatMap(({ childWorkflowExecutionStartedEventAttributes: child }) => {
    const { workflowId, runId } = child?.workflowExecution ?? {};
    return child?.workflowType?.name === canvasWorkflows.runCanvasPart && workflowId && runId
      ? [{ workflowId, runId }]
      : [];
  });
}

/** Reads the whole history of a run. @throws NotFound, Unavailable */
export function readHistory(rpc: Rpc, { workflowId, runId }: RunId): Promise<History> {
  return rpc.call(workflowId, (client) => client.workflow.getHandle(workflowId, runId).fetchHistory());
}
