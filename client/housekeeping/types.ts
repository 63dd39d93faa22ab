/** The interface of the housekeeping domain. */
import type { z } from 'zod';
import type { TaskOutput } from '../../contracts/catalogue.ts';
import type { housekeepingTaskSchemas } from '../../contracts/housekeeping/schema.ts';
import type { HousekeepingTaskName } from '../../contracts/housekeeping/vocabulary.ts';
import type { JobHandle, JobName } from '../connection/jobs.ts';

/**
 * Input of a housekeeping task; every field has a default.
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
 * Result of a housekeeping task: what it did, or would do in a dry run.
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
 * Housekeeping tasks. Inputs are checked before anything is started (`InvalidInput`).
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
   * one task may overlap. `checkHealth` records the health and
   * reports its changes to the administrator, as the schedule does.
   */
  run<N extends HousekeepingTaskName>(task: N, input?: HousekeepingInput<N>): Promise<JobHandle<HousekeepingResult<N>>>;
  /**
   * Starts a task whose name and input come from outside. An `id` names the run: a later start with it and the same input
   * is this one, unless it has failed.
   *
   * @throws NotFound no task has the name
   * @throws Conflict the id belongs to a run with other input
   */
  runNamed(name: string, input: unknown, options?: JobName): Promise<JobHandle<unknown>>;
  /** Returns the handle of a run by its id, without a request to the server. @throws NotFound the id belongs to another domain */
  get(id: string): JobHandle<unknown>;
}
