/** Uploaded tables that note what was asked and read nothing. */
import type { DataJobs, TaskHandle } from '../../../client/index.ts';

export function fakeData(log: (...call: unknown[]) => void): DataJobs {
  const start =
    (what: keyof DataJobs) =>
    (input: { readonly fileId?: string | undefined }, options: unknown): Promise<TaskHandle<never>> => {
      log(`data.${what}`, input, options);
      return Promise.resolve({ id: `task-${input.fileId ?? 'new'}` } as TaskHandle<never>); // only its id is asked for
    };
  return {
    uploadPlace: (userId) => `data/uploads/${Buffer.from(userId).toString('hex')}`,
    profile: start('profile'),
    clean: start('clean'),
    undoClean: start('undoClean'),
    export: start('export'),
  };
}
