/** Starts the making of variants and finds it again. */
import { createHash } from 'node:crypto';
import { makeVariantsInputSchema, processVideoInputSchema } from '../../contracts/media/schema.ts';
import { mediaTasks } from '../../contracts/media/tasks.ts';
import { mediaWorkflowId } from '../../contracts/media/vocabulary.ts';
import { tenantSchema } from '../../contracts/tasks/schema.ts';
import { jobHandle } from '../connection/handles.ts';
import type { JobHandle } from '../connection/jobs.ts';
import { validate } from '../connection/validate.ts';
import type { ClientContext } from '../domain.ts';
import { type QueuedTask, queueTask } from '../tasks/queue-task.ts';
import type { MediaJobs } from './types.ts';

/** Hashed, so that no tenant can choose a key that is read as another tenant with another key. */
function idOf(mediaKey: string, tenant: string | undefined): string {
  const digest = createHash('sha256').update(JSON.stringify([tenant ?? null, mediaKey]));
  return mediaWorkflowId(digest.digest('hex').slice(0, 32));
}

/** Binds media to a connection. */
export function createMediaJobs({ rpc, priorityLevels }: Pick<ClientContext, 'rpc' | 'priorityLevels'>): MediaJobs {
  const begin = async <Output>(
    task: QueuedTask['task'],
    input: { readonly mediaKey: string },
    given: string | undefined,
  ): Promise<JobHandle<Output>> => {
    const tenant = given === undefined ? undefined : validate(tenantSchema, given, 'tenant');
    const workflowId = idOf(input.mediaKey, tenant);
    await queueTask(rpc, priorityLevels, { task, workflowId, input, tenant, again: { whenDone: 'keep' } });
    return jobHandle<Output>(rpc, workflowId);
  };
  return {
    makeVariants: async ({ tenant, ...request }) =>
      begin(mediaTasks.makeVariants, validate(makeVariantsInputSchema, request), tenant),
    processVideo: async ({ tenant, ...request }) =>
      begin(mediaTasks.processVideo, validate(processVideoInputSchema, request), tenant),
    get: (mediaKey, { tenant } = {}) => jobHandle(rpc, idOf(mediaKey, tenant)),
  };
}
