/** Handles of batches. */
import type { BatchSummary } from '../../contracts/documents/schema.ts';
import { batchMessages, type BatchProgress } from '../../contracts/documents/vocabulary.ts';
import { followJob, jobHandle, signalJob } from '../connection/handles.ts';
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
  return {
    ...job,
    progress,
    pause: () => signalJob(rpc, job, batchMessages.pause),
    resume: () => signalJob(rpc, job, batchMessages.resume),
    follow: (options) => followJob(job, progress, options),
  };
}
