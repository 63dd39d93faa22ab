/** The interface of dead letters. */
import type { DeadCause, DeadLetter, DeadLetterFilter } from '../../contracts/dlq/schema.ts';
import type { DeadLetterPage, DeadLetterPaging, DeadLetterRecords, Resolving } from '../../services/dlq/port.ts';

export type { DeadCause, DeadLetter, DeadLetterFilter, DeadLetterPage, DeadLetterRecords };

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
 * await perennial.dlq.redriveAll({ fingerprint: '0f3c9a51be77' }, gently);
 * ```
 */
export interface RedriveAllOptions extends Partial<Resolving> {
  /** Whether an empty filter means every letter. Without it an empty filter is for a dry run alone. @defaultValue false */
  readonly all?: boolean;
  /** Only says what would be redriven. @defaultValue false */
  readonly dryRun?: boolean;
  /** Whether letters in quarantine are redriven too. @defaultValue false */
  readonly quarantined?: boolean;
  /** Whether pipelines run whole, without the results of the steps that had succeeded. @defaultValue false */
  readonly whole?: boolean;
  /** Most runs that are started a second. @defaultValue 10 */
  readonly perSecond?: number;
  /** Most runs that are started. @defaultValue 10,000 */
  readonly limit?: number;
  /** Ends the redrive after the run that is being started; the same call goes on with the rest. */
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
 * What became of a redrive of many; of a dry run, what would become of it.
 *
 * @example
 * ```ts
 * const { runs, causes, stepsKept, stepsAgain } = await perennial.dlq.redriveAll({}, { dryRun: true });
 * console.log(`${runs} runs, ${causes} causes; ${stepsKept} steps are kept, ${stepsAgain} run again`);
 * ```
 */
export interface RedriveReport {
  readonly dryRun: boolean;
  readonly letters: number;
  readonly runs: number;
  readonly causes: number;
  /** Steps whose results are kept. */
  readonly stepsKept: number;
  /** Steps that run again. */
  readonly stepsAgain: number;
  /** Letters that were left out because they are in quarantine. */
  readonly quarantined: number;
  /** Runs that were started. */
  readonly started: readonly Redriven[];
  /** Runs that could not be started, and why; their letters stay open. */
  readonly notStarted: readonly { readonly workflowId: string; readonly reason: string }[];
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
  /** Returns one letter, open or not. @throws NotFound */
  get(taskId: string): Promise<DeadLetter>;
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
  /** Starts the runs of all open letters again that a filter lets through, each once. @throws InvalidInput, also for an empty filter without `all` */
  redriveAll(filter: DeadLetterFilter, options?: RedriveAllOptions): Promise<RedriveReport>;
  /** Closes a letter that was put right otherwise. @throws NotFound; PerennialError `AlreadyResolved` */
  resolve(taskId: string, resolving?: Partial<Resolving>): Promise<DeadLetter>;
  /** Closes a letter that is not worth repeating. @throws NotFound; PerennialError `AlreadyResolved` */
  discard(taskId: string, resolving?: Partial<Resolving>): Promise<DeadLetter>;
}
