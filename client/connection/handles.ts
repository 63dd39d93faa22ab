/** Handles of started jobs. They hold only an id, so that they can be recreated from a stored id. */
import type { WorkflowExecutionDescription, WorkflowExecutionStatusName, WorkflowHandle } from '@temporalio/client';
import { Ended, NotFound, Unavailable } from './errors.ts';
import { patiently, PATIENCE_MS, pauseFor, type Rpc } from './rpc.ts';
import { requireDelivery } from './stuck.ts';
import { unmarkedOutput } from '../../contracts/values/sealed.ts';
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

/** Returns the status of a job. */
export function statusOf({ status }: Pick<WorkflowExecutionDescription, 'status'>): JobStatus {
  return statuses[status.name];
}

/** Deadline of one long poll for a result, in milliseconds; the server ends a poll after about 20 s. */
const LONG_POLL_MS = 30_000;

/**
 * Makes the handle of a job without checking that it exists.
 *
 * @param workflowId - id of the job
 */
export function jobHandle<Result>(rpc: Rpc, workflowId: string): JobHandle<Result> {
  // The handle has no run id, so that it follows a job that continued as new or was resumed.
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
        requireDelivery(workflowId, (await withHandle((handle) => handle.describe())).raw);
      } catch (error) {
        if (!(error instanceof NotFound)) throw error;
        // Cancelling an ended job is harmless; for an unknown job, the status throws `NotFound`.
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
      // The caller chooses the type of the result; `startJob` checks the type of the workflow.
      return await rpc.call(
        workflowId,
        async (client) => unmarkedOutput(await client.workflow.result(workflowId)) as Result,
        Math.min(LONG_POLL_MS, left),
      );
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      // Either the job is still running or the server is unreachable; only a short request shows which.
      await pauseFor(Math.min(100, left), signal);
      if (giveUpAt > Date.now()) await patiently(status, Math.min(PATIENCE_MS, giveUpAt - Date.now()), signal);
    }
  }
}

/** Signals a job. @throws NotFound; Ended for a job that takes no more signals */
export async function signalJob(
  rpc: Rpc,
  { id, status }: Pick<JobHandle<unknown>, 'id' | 'status'>,
  signal: string,
  args: readonly unknown[] = [],
): Promise<void> {
  try {
    await rpc.call(id, (client) => client.workflow.getHandle(id).signal(signal, ...args));
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    // The server gives the same error for an ended and an unknown job; the status distinguishes them.
    throw new Ended(id, await status());
  }
}

/** Yields the progress of a job whenever it changes, and ends with the job. */
export async function* followJob<Progress>(
  job: Pick<JobHandle<unknown>, 'status'>,
  progress: () => Promise<Progress>,
  { intervalMs = 500, patienceMs = PATIENCE_MS, signal }: FollowOptions = {},
): AsyncGenerator<Progress> {
  let last = '';
  while (!signal?.aborted) {
    // The status is read first, so that the progress after the end is the last one. The
    // progress alone is not enough, because a terminated workflow repeats it for ever.
    const status = await patiently(() => job.status(), patienceMs, signal);
    const now = await patiently(progress, patienceMs, signal);
    const seen = JSON.stringify(now);
    if (seen !== last) yield now;
    last = seen;
    if (status !== 'running') return;
    await pauseFor(intervalMs, signal);
  }
}
