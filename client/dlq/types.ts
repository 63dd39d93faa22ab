/** The interface of dead letters. */
import type {
  DeadCause,
  DeadLetter,
  DeadLetterDetails,
  DeadLetterEvent,
  DeadLetterFilter,
  Redrive,
  RedrivePlan,
} from '../../contracts/dlq/schema.ts';
import type { RedriveProgress } from '../../contracts/dlq/vocabulary.ts';
import type { DeadLetterPage, DeadLetterPaging, DeadLetterRecords, Resolving } from '../../services/dlq/port.ts';
import type { FollowOptions, JobHandle } from '../connection/jobs.ts';

export type {
  DeadCause,
  DeadLetter,
  DeadLetterDetails,
  DeadLetterEvent,
  DeadLetterFilter,
  DeadLetterPage,
  DeadLetterRecords,
  Redrive,
  RedrivePlan,
};

/**
 * What a redrive may be told.
 *
 * @example
 * ```ts
 * import type { RedriveOptions } from './client/index.ts';
 *
 * const options: RedriveOptions = { by: 'ada', reason: 'the mail server is back' };
 * await perennial.dlq.redrive('order-17', options);
 * ```
 */
export interface RedriveOptions extends Partial<Resolving> {
  /** Another input for a single task, which is checked as every input is. @defaultValue the same input */
  readonly input?: unknown;
  /** Whether a pipeline runs whole, without the results of the steps that had succeeded. @defaultValue false */
  readonly whole?: boolean | undefined;
}

/**
 * What a redrive of many may be told.
 *
 * @example
 * ```ts
 * import type { RedriveAllOptions } from './client/index.ts';
 *
 * const gently: RedriveAllOptions = { perSecond: 2, limit: 500, by: 'ada', reason: 'the mail server is back' };
 * console.log(await (await perennial.dlq.redriveAll({ fingerprint: '0f3c9a51be77' }, gently)).result());
 * ```
 */
export interface RedriveAllOptions extends Partial<Resolving> {
  /** Whether an empty filter means every letter. @defaultValue false */
  readonly all?: boolean;
  /** Whether letters in quarantine are redriven too. @defaultValue false */
  readonly quarantined?: boolean;
  /** Whether pipelines run whole, without the results of the steps that had succeeded. @defaultValue false */
  readonly whole?: boolean;
  /** Most runs that are started a second, from 0.01 to 1,000. @defaultValue 10 */
  readonly perSecond?: number;
  /** Most runs that are started. @defaultValue no limit */
  readonly limit?: number | undefined;
}

/**
 * What a dry run may be told.
 *
 * @example
 * ```ts
 * import type { DryRunOptions } from './client/index.ts';
 *
 * const withQuarantine: DryRunOptions = { quarantined: true, limit: 100 };
 * console.log(await perennial.dlq.dryRun({}, withQuarantine));
 * ```
 */
export interface DryRunOptions {
  /** Whether letters in quarantine are counted too. @defaultValue false */
  readonly quarantined?: boolean;
  /** Whether pipelines would run whole. @defaultValue false */
  readonly whole?: boolean;
  /** Most runs that are counted. @defaultValue 10,000 */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal;
}

/**
 * A run that was started again.
 *
 * @example
 * ```ts
 * import type { Redriven } from './client/index.ts';
 *
 * const { id }: Redriven = await perennial.dlq.redrive('order-17');
 * console.log(await perennial.tasks.get(id).result());
 * ```
 */
export interface Redriven {
  /** The run that failed. */
  readonly workflowId: string;
  /** The run that repeats it. */
  readonly id: string;
}

/**
 * A redrive of many letters, which goes on without the process that has started it.
 *
 * @example
 * ```ts
 * import type { RedriveHandle } from './client/index.ts';
 *
 * const redrive: RedriveHandle = await perennial.dlq.redriveAll({ task: 'email.send' }, { perSecond: 2, by: 'ada' });
 * await redrive.pause('ada');
 * console.log(await redrive.show());
 * await redrive.resume('ada');
 * for await (const { done, left } of redrive.follow()) console.log(done, left);
 * ```
 */
export interface RedriveHandle extends JobHandle<RedriveProgress> {
  /** What it was told and how far it is, also when no worker runs. */
  show(): Promise<Redrive>;
  /** Yields what {@link show} gives whenever it changes, and ends with the redrive. */
  follow(options?: FollowOptions): AsyncGenerator<Redrive>;
  /** Starts no further run, within about a second. @param by - who @throws Ended */
  pause(by?: string): Promise<void>;
  /** Goes on. @param by - who @throws Ended */
  resume(by?: string): Promise<void>;
  /** Ends it, within about a second; letters of runs that were not started stay open. @param by - who @throws Ended */
  abort(by?: string): Promise<void>;
}

/**
 * One page of redrives.
 *
 * @example
 * ```ts
 * import type { RedrivePage } from './client/index.ts';
 *
 * const newest: RedrivePage = await perennial.dlq.redrives({ limit: 10 });
 * console.log(newest.items.length, newest.nextCursor);
 * ```
 */
export interface RedrivePage {
  readonly items: readonly Redrive[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/**
 * Dead letters: tasks that failed for good, kept with what is needed to understand them and to put them right. They stand
 * in the database: a client that was connected without `deadLetterRecords` refuses every call with `InvalidInput`.
 *
 * @example
 * ```ts
 * for (const { fingerprint, letters, errorMessage } of await perennial.dlq.causes())
 *   console.log(`${letters} failures, 1 cause: ${errorMessage} (${fingerprint})`);
 * ```
 */
export interface DeadLetterJobs {
  /** Lists open letters, the oldest first. @param paging - `limit` up to 500, default 50 */
  list(filter?: DeadLetterFilter, paging?: Partial<DeadLetterPaging>): Promise<DeadLetterPage>;
  /** Returns one letter, open or not, with all that was done about it. @throws NotFound */
  get(taskId: string): Promise<DeadLetterDetails>;
  /** Groups open letters by cause, the most frequent first. @param limit - default 50 */
  causes(filter?: DeadLetterFilter, limit?: number): Promise<readonly DeadCause[]>;
  /**
   * Starts the run of a letter again: a single task with the same or another input; a canvas with the calls that had not
   * succeeded; a pipeline with the steps that had not succeeded. All open letters of the run are closed.
   *
   * @throws NotFound, InvalidInput
   * @throws PerennialError `AlreadyResolved` for a letter that is closed or that somebody else is redriving
   */
  redrive(taskId: string, options?: RedriveOptions): Promise<Redriven>;
  /**
   * Starts the redrive of all open letters that a filter lets through and that failed before: each of their runs once, so
   * many a second, as a run of its own.
   *
   * @throws InvalidInput, also for an empty filter without `all`
   * @throws PerennialError `RedriveUnderWay` when somebody else is redriving the letters of the same filter
   */
  redriveAll(filter: DeadLetterFilter, options?: RedriveAllOptions): Promise<RedriveHandle>;
  /** Says what {@link redriveAll} would do; the empty filter means all letters. @throws InvalidInput */
  dryRun(filter: DeadLetterFilter, options?: DryRunOptions): Promise<RedrivePlan>;
  /** Returns the handle of a redrive of many by its id. */
  getRedrive(id: string): RedriveHandle;
  /** Lists redrives of many, the newest first. @param paging - `limit` up to 500, default 50 */
  redrives(paging?: { readonly limit?: number; readonly cursor?: string | undefined }): Promise<RedrivePage>;
  /** Closes a letter that was put right otherwise. @throws NotFound; PerennialError `AlreadyResolved` */
  resolve(taskId: string, resolving?: Partial<Resolving>): Promise<DeadLetter>;
  /** Closes a letter that is not worth repeating. @throws NotFound; PerennialError `AlreadyResolved` */
  discard(taskId: string, resolving?: Partial<Resolving>): Promise<DeadLetter>;
}
