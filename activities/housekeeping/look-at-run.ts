/** Queries the state of a run over the connection that the worker already has. */
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { PerennialError } from '../../contracts/failures.ts';
import type { LookAtRun, RunEnd } from '../../services/housekeeping/port.ts';

const DEADLINE_MS = 5_000;

/** How the server names the end of a run; any other status means that the run is active. */
const ENDS: Readonly<Record<string, RunEnd>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
};

/**
 * Queries the state of a run. It works inside an activity only, because it uses the connection of that activity's
 * worker.
 */
export const lookAtRun: LookAtRun = async (workflowId, firstRunId) => {
  const current = await ask(workflowId);
  // A run that continued as new or was reset goes on in the current run, which names the first one.
  if (firstRunId === undefined || current.firstRunId === firstRunId) return current.status;
  const { status } = await ask(workflowId, firstRunId);
  return status === 'running' ? 'gone' : status;
};

interface Look {
  readonly status: RunEnd | 'running';
  readonly firstRunId?: string | null | undefined;
}

async function ask(workflowId: string, runId?: string): Promise<Look> {
  const { client } = Context.current();
  try {
    const { status, raw } = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.getHandle(workflowId, runId).describe(),
    );
    return { status: ENDS[status.name] ?? 'running', firstRunId: raw.workflowExecutionInfo?.firstRunId };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { status: 'gone' };
    throw new PerennialError(
      'BackendUnavailable',
      `Expected the Temporal server to describe the run ${workflowId}, got ${error instanceof Error ? error.name : 'an error'}.`,
      { cause: error },
    );
  }
}
