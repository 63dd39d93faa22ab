/** Reads from a history how a run was started, so that it can be repeated. */
import type { Priority } from '@temporalio/common';
import { decoded } from './decoded.ts';
import { NotFound } from './errors.ts';
import type { Rpc } from './rpc.ts';

/** The start of a run. */
export interface RunStart {
  readonly runId: string;
  /** Name of the workflow. */
  readonly workflow: string;
  readonly args: readonly unknown[];
  readonly priority: Priority;
}

/**
 * Reads the first event of a run.
 *
 * @param runId - run of the workflow id
 * @throws NotFound
 */
export async function readStart(rpc: Rpc, workflowId: string, runId: string): Promise<RunStart> {
  const { history } = await rpc.call(workflowId, (client) =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1,
    }),
  );
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  if (!started) throw new NotFound(workflowId);
  return {
    runId,
    workflow: started.workflowType?.name ?? '',
    args: await decoded(rpc, started.input?.payloads ?? []),
    priority: priorityOf(started.priority ?? {}),
  };
}

/** Drops values that were not given, for which the server stores 0 and an empty key. */
function priorityOf({ priorityKey, fairnessKey }: Given): Priority {
  return { ...(priorityKey ? { priorityKey } : {}), ...(fairnessKey ? { fairnessKey } : {}) };
}

interface Given {
  readonly priorityKey?: number | null;
  readonly fairnessKey?: string | null;
}
