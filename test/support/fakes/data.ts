/** Uploaded tables that note what was asked and read nothing. */
import type { DataJobs, TaskHandle } from '../../../client/index.ts';

export function fakeData(log: (...call: unknown[]) => void): DataJobs {
  return {
    uploadPlace: (userId) => `data/uploads/${Buffer.from(userId).toString('hex')}`,
    profile: (input, options) => {
      log('data.profile', input, options);
      return Promise.resolve({ id: `task-${input.fileId ?? 'new'}` } as TaskHandle<never>); // only its id is asked for
    },
  };
}
