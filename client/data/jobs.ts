/** Starts work on uploaded tables. */
import { randomUUID } from 'node:crypto';
import { ownerSchema, type ProfileInput, profileInputSchema, type ProfileOutput } from '../../contracts/data/schema.ts';
import { dataTasks } from '../../contracts/data/tasks.ts';
import type { ClientContext } from '../domain.ts';
import { taskCaller } from '../tasks/caller.ts';
import { createTaskJobs } from '../tasks/jobs.ts';
import { validate } from '../connection/validate.ts';
import { uploadPlace } from './place.ts';
import type { DataJobs } from './types.ts';

/** Binds uploaded tables to a connection. */
export function createDataJobs(context: Pick<ClientContext, 'rpc' | 'priorityLevels' | 'gate' | 'warn'>): DataJobs {
  const tasks = createTaskJobs(context);
  return {
    uploadPlace: (userId, { tenant } = {}) => uploadPlace(validate(ownerSchema, userId, 'userId'), tenant),
    profile: async (given, { tenant } = {}) => {
      const { fileId = randomUUID(), ...input } = validate(profileInputSchema, given);
      const caller = taskCaller<ProfileInput, ProfileOutput>(tasks, dataTasks.profile); // an application may lack the task
      return caller.call({ ...input, fileId }, { idempotencyKey: fileId, tenant });
    },
  };
}
