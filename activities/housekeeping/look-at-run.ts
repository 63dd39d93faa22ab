/** Where a run stands, asked of the server over the connection that the worker has anyway. */
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { PerennialError } from '../../contracts/failures.ts';
import type { LookAtRun, RunEnd } from '../../services/housekeeping/port.ts';

const DEADLINE_MS = 5_000;

/** What the server calls the end of a run; what is not here goes on. */
const ENDS: Readonly<Record<string, RunEnd>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
};

/** Works inside an activity only: it is that activity's worker who asks. */
export const lookAtRun: LookAtRun = async (workflowId, firstRunId) => {
  const first = firstRunId === undefined ? 'running' : await ask(workflowId, firstRunId);
  // One that continued as new goes on in the run that has the id now.
  return first === 'running' ? ask(workflowId) : first;
};

async function ask(workflowId: string, runId?: string): Promise<RunEnd | 'running'> {
  const { client } = Context.current();
  try {
    const { status } = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
      client.workflow.getHandle(workflowId, runId).describe(),
    );
    return ENDS[status.name] ?? 'running';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone';
    throw new PerennialError(
      'BackendUnavailable',
      `Expected the Temporal server to tell about the run ${workflowId}, found ${error instanceof Error ? error.name : 'an error'}.`,
      { cause: error },
    );
  }
}
