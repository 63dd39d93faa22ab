/** Measures the size of the histories that a workflow leaves in Temporal, over all its runs. */
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';

/** Size of the histories of one workflow, from its first run to the last that continued it. */
export interface HistorySize {
  readonly runs: number;
  readonly events: number;
  readonly bytes: number;
}

const { HistoryEventFilterType } = proto.temporal.api.enums.v1;
const NAMESPACE = 'default';

/** Measures the histories of finished workflows. */
export interface Histories {
  sizeOf(workflowId: string): Promise<HistorySize>;
  /** Returns the size as `sizeOf` does, including all workflows that the workflow started. */
  treeSizeOf(workflowId: string): Promise<HistorySize>;
  close(): Promise<void>;
}

/** Connects to the server to measure histories. */
export async function openHistories(address: string): Promise<Histories> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace: NAMESPACE });
  return {
    sizeOf: (workflowId) => sizeOf(client, workflowId),
    treeSizeOf: (workflowId) => treeSizeOf(client, workflowId),
    close: () => connection.close(),
  };
}

async function treeSizeOf(client: Client, workflowId: string): Promise<HistorySize> {
  const own = await sizeOf(client, workflowId);
  const size = { ...own };
  for await (const child of client.workflow.list({ query: `RootWorkflowId = '${workflowId}'` })) {
    if (child.workflowId === workflowId) continue; // `sizeOf` has counted all its runs
    size.runs += 1;
    size.events += child.historyLength;
    size.bytes += child.historySize ?? 0;
  }
  return size;
}

async function sizeOf(client: Client, workflowId: string): Promise<HistorySize> {
  const last = await client.workflow.getHandle(workflowId).describe();
  const size = { runs: 0, events: 0, bytes: 0 };
  let runId: string | undefined = last.raw.workflowExecutionInfo?.firstRunId ?? undefined;
  if (runId === undefined || runId === '') throw new Error(`expected the first run of ${workflowId}, got none`);
  while (runId !== undefined) {
    const run = await client.workflow.getHandle(workflowId, runId).describe();
    size.runs += 1;
    size.events += run.historyLength;
    size.bytes += run.historySize ?? 0;
    runId = await nextRun(client, workflowId, runId);
  }
  return size;
}

/** Returns the run that continued a run, which its last event names. */
async function nextRun(client: Client, workflowId: string, runId: string): Promise<string | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: NAMESPACE,
    execution: { workflowId, runId },
    historyEventFilterType: HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
  });
  const next = history?.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  return next === null || next === '' ? undefined : next;
}
