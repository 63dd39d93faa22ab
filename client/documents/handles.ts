/** Handles of batches. */
import type { BatchSummary } from '../../contracts/documents/schema.ts';
import { batchMessages, type BatchProgress } from '../../contracts/documents/vocabulary.ts';
import { Ended, NotFound } from '../connection/errors.ts';
import { followJob, jobHandle } from '../connection/handles.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { BatchHandle } from './types.ts';

/**
 * Makes the handle of a batch without checking that it exists.
 *
 * @param workflowId - id of the batch
 */
export function batchHandle(rpc: Rpc, workflowId: string): BatchHandle {
  const job = jobHandle<BatchSummary>(rpc, workflowId);
  const progress = (): Promise<BatchProgress> =>
    rpc.call(workflowId, (client) =>
      client.workflow.getHandle(workflowId).query<BatchProgress>(batchMessages.progress),
    );
  const send = async (signal: string): Promise<void> => {
    try {
      await rpc.call(workflowId, (client) => client.workflow.getHandle(workflowId).signal(signal));
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      // The server gives the same error for an ended and an unknown job; the status distinguishes them.
      throw new Ended(workflowId, await job.status());
    }
  };
  return {
    ...job,
    progress,
    pause: () => send(batchMessages.pause),
    resume: () => send(batchMessages.resume),
    follow: (options) => followJob(job, progress, options),
  };
}
