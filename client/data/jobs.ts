/** Starts work on uploaded tables. */
import { randomUUID } from 'node:crypto';
import {
  cleanInputSchema,
  type CleanOutput,
  exportInputSchema,
  type ExportOutput,
  ownerSchema,
  profileInputSchema,
  type ProfileOutput,
  undoCleanInputSchema,
  type UndoCleanOutput,
} from '../../contracts/data/schema.ts';
import { dataTasks } from '../../contracts/data/tasks.ts';
import type { ClientContext } from '../domain.ts';
import { taskCaller } from '../tasks/caller.ts';
import { createTaskJobs } from '../tasks/jobs.ts';
import type { TaskHandle } from '../tasks/types.ts';
import { validate } from '../connection/validate.ts';
import { uploadPlace } from './place.ts';
import type { DataJobs, DataOptions } from './types.ts';

/** Binds uploaded tables to a connection. */
export function createDataJobs(context: Pick<ClientContext, 'rpc' | 'priorityLevels' | 'gate' | 'warn'>): DataJobs {
  const tasks = createTaskJobs(context);
  const call = <Out>(
    task: { readonly name: string },
    input: unknown,
    key: string | undefined,
    { tenant }: DataOptions = {},
  ): Promise<TaskHandle<Out>> =>
    // An application may lack the task, so it is looked for with each call.
    taskCaller<unknown, Out>(tasks, task).call(input, { idempotencyKey: key, tenant });
  return {
    uploadPlace: (userId, { tenant } = {}) => uploadPlace(validate(ownerSchema, userId, 'userId'), tenant),
    profile: async (given, options) => {
      const { fileId = randomUUID(), ...input } = validate(profileInputSchema, given);
      return call<ProfileOutput>(dataTasks.profile, { ...input, fileId }, fileId, options);
    },
    clean: async (given, options) => {
      const { cleaningId = randomUUID(), ...input } = validate(cleanInputSchema, given);
      return call<CleanOutput>(dataTasks.clean, { ...input, cleaningId }, cleaningId, options);
    },
    undoClean: async (given, options) =>
      call<UndoCleanOutput>(dataTasks.undoClean, validate(undoCleanInputSchema, given), undefined, options),
    export: async (given, options) => {
      const { exportId = randomUUID(), ...input } = validate(exportInputSchema, given);
      return call<ExportOutput>(dataTasks.export, { ...input, exportId }, exportId, options);
    },
  };
}
