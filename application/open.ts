/** Gives a process the application of its folder. */
import type { Config } from '../config/types.ts';
import { register } from '../contracts/register.schema.ts';
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { InvalidApplication } from './faults.ts';
import { type Application, loadApplication } from './load.ts';

const NONE: Omit<Application, 'folder'> = { tasks: [], schedules: [], queues: [], workflows: [] };

/** What a process knows of its application; without one, it adds nothing. */
export type OpenApplication = Omit<Application, 'folder'>;

/**
 * Loads the application of the configuration, if there is one, and registers its tasks and queues.
 *
 * @throws InvalidApplication with every fault; nothing was registered
 */
export async function openApplication({ applicationDir }: Pick<Config, 'applicationDir'>): Promise<OpenApplication> {
  if (applicationDir === undefined) return NONE;
  const application = await loadApplication(applicationDir);
  register(application);
  return application;
}

/** As {@link openApplication}, for a `main.ts` file: on faults it prints them and exits with `exitCodes.config`. */
export async function openApplicationOrExit(config: Pick<Config, 'applicationDir'>): Promise<OpenApplication> {
  try {
    return await openApplication(config);
  } catch (error) {
    if (!(error instanceof InvalidApplication)) throw error;
    process.stderr.write(`The application cannot be started:\n${error.message}\n`);
    return process.exit(exitCodes.config);
  }
}
