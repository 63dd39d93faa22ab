/** Handles of started jobs. They hold only an id, so that they can be made anew from a stored id at any time. */
import type { WorkflowExecutionDescription, WorkflowExecutionStatusName, WorkflowHandle } from '@temporalio/client';
import { NotFound, Unavailable } from './errors.ts';
import { patiently, PATIENCE_MS, pauseFor, type Rpc } from './rpc.ts';
import type { FollowOptions, JobHandle, JobStatus, WaitOptions } from './jobs.ts';

const statuses: Readonly<Record<WorkflowExecutionStatusName, JobStatus>> = {
  UNSPECIFIED: 'running',
  UNKNOWN: 'running',
  RUNNING: 'running',
  PAUSED: 'running',
  CONTINUED_AS_NEW: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
};

/** Where a job stands, in this SDK's words. */
export function statusOf({ status }: Pick<WorkflowExecutionDescription, 'status'>): JobStatus {
  return statuses[status.name];
}

/** One long poll for a result. The server itself ends it after about 20 s; this is the fence behind it. */
const LONG_POLL_MS = 30_000;

/**
 * Points at a job, without asking whether it exists.
 *
 * @param workflowId - where it points
 */
export function jobHandle<Result>(rpc: Rpc, workflowId: string): JobHandle<Result> {
  // Without a run id, so that a job that continued as new or was resumed is still the same job.
  const withHandle = <T>(run: (handle: WorkflowHandle) => Promise<T>, deadlineMs?: number): Promise<T> =>
    rpc.call(workflowId, (client) => run(client.workflow.getHandle(workflowId)), deadlineMs);

  const status = async (): Promise<JobStatus> => statusOf(await withHandle((handle) => handle.describe()));
  return {
    id: workflowId,
    status,
    result: (options) => waitForResult<Result>(rpc, workflowId, status, options),
    cancel: async () => {
      try {
        await withHandle((handle) => handle.cancel());
      } catch (error) {
        if (!(error instanceof NotFound)) throw error;
        // A job that is over need not be stopped; of one that never was, the status is not found either.
        await status();
      }
    },
  };
}

async function waitForResult<Result>(
  rpc: Rpc,
  workflowId: string,
  status: () => Promise<JobStatus>,
  { timeoutMs = Number.POSITIVE_INFINITY, signal }: WaitOptions = {},
): Promise<Result> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    const left = giveUpAt - Date.now();
    if (left <= 0 || signal?.aborted) throw new Unavailable(`No result of '${workflowId}' within the time given.`);
    try {
      // The caller decides what the result is; the workflow's type stands in its start.
      return await rpc.call(
        workflowId,
        (client) => client.workflow.result(workflowId) as Promise<Result>,
        Math.min(LONG_POLL_MS, left),
      );
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      // Either the job is still running, or the server is away: only a short call tells which.
      await pauseFor(Math.min(100, left), signal);
      if (giveUpAt > Date.now()) await patiently(status, Math.min(PATIENCE_MS, giveUpAt - Date.now()), signal);
    }
  }
}

/** Gives the progress of a job whenever it has changed, and ends with the job. */
export async function* followJob<Progress>(
  job: Pick<JobHandle<unknown>, 'status'>,
  progress: () => Promise<Progress>,
  { intervalMs = 500, patienceMs = PATIENCE_MS, signal }: FollowOptions = {},
): AsyncGenerator<Progress> {
  let last = '';
  while (!signal?.aborted) {
    // Asked first: once the job is over, the progress that follows is its last. The
    // progress alone would not do, a terminated workflow says "reading" for ever.
    const status = await patiently(() => job.status(), patienceMs, signal);
    const now = await patiently(progress, patienceMs, signal);
    const seen = JSON.stringify(now);
    if (seen !== last) yield now;
    last = seen;
    if (status !== 'running') return;
    await pauseFor(intervalMs, signal);
  }
}
