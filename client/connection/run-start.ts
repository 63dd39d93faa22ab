/** How a run was started, from its history: what is needed to start the like of it again. */
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
 * @param runId - which run of the id
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

/** The server writes 0 and an empty key for what was not given. */
function priorityOf({ priorityKey, fairnessKey }: Given): Priority {
  return { ...(priorityKey ? { priorityKey } : {}), ...(fairnessKey ? { fairnessKey } : {}) };
}

interface Given {
  readonly priorityKey?: number | null;
  readonly fairnessKey?: string | null;
}
