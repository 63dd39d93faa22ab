/** Reads from a history how a run was started, so that it can be repeated. */
import type { WorkflowHandle } from '@temporalio/client';
import type { Priority } from '@temporalio/common';
import { decoded } from './decoded.ts';
import { NotFound } from './errors.ts';
import { millis } from './proto-time.ts';
import type { Rpc } from './rpc.ts';

type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/** The start of a run. */
export interface RunStart {
  readonly runId: string;
  /** Name of the workflow. */
  readonly workflow: string;
  readonly args: readonly unknown[];
  readonly priority: Priority;
  /** The line that the Web UI shows. */
  readonly summary: string | undefined;
  /** The first run, when the run has continued others as new; otherwise the run itself. */
  readonly firstRunId: string;
  readonly startedAt: Date;
}

/**
 * Reads the first event of a run.
 *
 * @param runId - run of the workflow id
 * @throws NotFound
 */
export async function readStart(rpc: Rpc, workflowId: string, runId: string): Promise<RunStart> {
  const event = await firstEvent(rpc, workflowId, runId);
  const started = event?.workflowExecutionStartedEventAttributes;
  if (!started) throw new NotFound(workflowId);
  return {
    runId,
    workflow: started.workflowType?.name ?? '',
    args: await decoded(rpc, started.input?.payloads ?? []),
    priority: priorityOf(started.priority ?? {}),
    summary: await summaryOf(rpc, event),
    firstRunId: started.firstExecutionRunId ?? runId,
    startedAt: new Date(millis(event.eventTime)),
  };
}

async function firstEvent(rpc: Rpc, workflowId: string, runId: string): Promise<HistoryEvent | undefined> {
  const { history } = await rpc.call(workflowId, (client) =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1,
    }),
  );
  return history?.events?.[0];
}

async function summaryOf(rpc: Rpc, { userMetadata }: HistoryEvent): Promise<string | undefined> {
  const [summary] = userMetadata?.summary ? await decoded(rpc, [userMetadata.summary]) : [];
  return typeof summary === 'string' ? summary : undefined;
}

/** Drops values that were not given, for which the server stores 0 and an empty key. */
function priorityOf({ priorityKey, fairnessKey }: Given): Priority {
  return { ...(priorityKey ? { priorityKey } : {}), ...(fairnessKey ? { fairnessKey } : {}) };
}

interface Given {
  readonly priorityKey?: number | null;
  readonly fairnessKey?: string | null;
}
