/** What a caller can do to keep the house clean. */
import type { z } from 'zod';
import type { TaskOutput } from '../../contracts/catalogue.ts';
import type { housekeepingTaskSchemas } from '../../contracts/housekeeping/schema.ts';
import type { HousekeepingTaskName } from '../../contracts/housekeeping/vocabulary.ts';
import type { JobHandle } from '../connection/jobs.ts';

/**
 * What a task of housekeeping takes; everything has a default.
 *
 * @example
 * ```ts
 * import type { HousekeepingInput } from './client/index.ts';
 *
 * const input: HousekeepingInput<'cleanupOldOcrResults'> = { dryRun: true };
 * await perennial.housekeeping.run('cleanupOldOcrResults', input);
 * ```
 */
export type HousekeepingInput<N extends HousekeepingTaskName> = z.input<
  (typeof housekeepingTaskSchemas)[`housekeeping.${N}`]['input']
>;

/**
 * What a task of housekeeping gives: what was done, or would be done in a dry run.
 *
 * @example
 * ```ts
 * import type { HousekeepingResult } from './client/index.ts';
 *
 * const run = await perennial.housekeeping.run('checkDiskSpace');
 * const space: HousekeepingResult<'checkDiskSpace'> = await run.result();
 * ```
 */
export type HousekeepingResult<N extends HousekeepingTaskName> = TaskOutput<`housekeeping.${N}`>;

/**
 * Tasks that keep the house clean. Inputs are checked before anything is started (`InvalidInput`).
 *
 * @example
 * ```ts
 * const run = await perennial.housekeeping.run('cleanupTempFiles', { dryRun: true });
 * console.log(await run.result());
 * ```
 */
export interface HousekeepingJobs {
  /**
   * Starts a task: `run('cleanupOldOcrResults', { dryRun: true })`. Two runs of
   * one task at once do no harm. `checkHealth` keeps the state of health and
   * tells the administrator of its changes, as the schedule does.
   */
  run<N extends HousekeepingTaskName>(task: N, input?: HousekeepingInput<N>): Promise<JobHandle<HousekeepingResult<N>>>;
  /** The same for names and inputs that come from outside. @throws NotFound for a name that no task has */
  runNamed(name: string, input: unknown): Promise<JobHandle<unknown>>;
  /** The handle of a run, by its id. Does not ask the server. @throws NotFound for an id of another domain */
  get(id: string): JobHandle<unknown>;
}
