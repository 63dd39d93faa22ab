/** The port of dead letters. */
import type { DeadCause, DeadLetter, DeadLetterEvent, DeadLetterFilter } from '../../contracts/dlq/schema.ts';
import type { Resolution } from '../../contracts/dlq/vocabulary.ts';

/** A dead letter that is to be recorded; what an operator may not see has been removed from it. */
export type NewDeadLetter = Pick<
  DeadLetter,
  | 'taskId'
  | 'taskName'
  | 'args'
  | 'kwargs'
  | 'errorType'
  | 'errorMessage'
  | 'traceback'
  | 'retryCount'
  | 'failedAt'
  | 'failureClass'
  | 'workflow'
  | 'workflowId'
  | 'runId'
  | 'stepPath'
  | 'queue'
  | 'priority'
  | 'tenant'
  | 'fingerprint'
  | 'version'
> & {
  /** Checksum of the input, by which the same input is recognised. */
  readonly inputHash: string;
};

/** A piece of what is kept of a failed run; only who has the keys of the workers can read it. */
export interface SealedPiece {
  readonly keyId: string;
  readonly sealed: Buffer;
}

/** What is kept of a failed run, so that its redrive does only the rest. */
export interface KeptRun {
  readonly stepsKept: number;
  readonly stepsAgain: number;
  /** Pieces by run, those of its failed children among them, and place. */
  readonly pieces: readonly (SealedPiece & { readonly runId: string; readonly place: number })[];
}

/** Reads what is kept of failed runs. */
export interface KeptPieces {
  /** Returns one piece; `undefined` where nothing is kept. */
  piece(runId: string, place: number): Promise<SealedPiece | undefined>;
}

/** A notice of a dead letter that is due. */
export interface DueNotice {
  readonly kind: string;
  readonly letter: DeadLetter;
  /** Attempts before this one. */
  readonly tries: number;
}

/** Records the failures of runs, once each. */
export interface DeadLetterRecorder extends KeptPieces {
  /**
   * Says whether a process is the one that keeps dead letters; it stays so while it asks again within ten seconds.
   *
   * @param keeper - UUID of the process
   */
  keep(keeper: string): Promise<boolean>;
  /** Lets another process keep dead letters at once. */
  leave(keeper: string): Promise<void>;
  /** Returns the time up to which closed runs have been looked at. */
  lookedUntil(): Promise<Date>;
  /** Notes that every run that closed before this time has been recorded. */
  lookedTo(time: Date): Promise<void>;
  /** Returns those of some run ids that are not recorded yet. */
  unrecorded(runIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Records a run with its letters and the notices that are due for each, in one transaction. A run that is recorded
   * already stays as it is.
   *
   * @param kept - what its redrive need not do again; `undefined` for nothing
   * @returns whether it was recorded now
   */
  record(
    runId: string,
    letters: readonly NewDeadLetter[],
    notices: readonly string[],
    kept?: KeptRun,
  ): Promise<boolean>;
  /**
   * Takes one notice that is due. Nobody else is given it before it is over.
   *
   * @param work - gives it; when it throws, the notice is due again later, and after ten attempts no more
   * @returns whether there was one
   */
  takeNotice(work: (notice: DueNotice) => Promise<void>): Promise<boolean>;
}

/**
 * One page of a list.
 *
 * @example
 * ```ts
 * import type { DeadLetterPage } from './client/index.ts';
 *
 * const first: DeadLetterPage = await perennial.dlq.list({}, { limit: 100 });
 * if (first.next !== null) console.log(await perennial.dlq.list({}, { limit: 100, after: first.next }));
 * ```
 */
export interface DeadLetterPage {
  /** Number of all letters that the filter lets through. */
  readonly total: number;
  readonly items: readonly DeadLetter[];
  /** What the next page begins after; `null` on the last one. */
  readonly next: string | null;
}

/** Which page of a list, and how long. */
export interface DeadLetterPaging {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly skip?: number | undefined;
}

/** Who resolves a dead letter, and why. */
export interface Resolving {
  readonly by: string;
  readonly reason?: string | undefined;
}

/** The run that repeats a failed one; without a run id where its workflow id tells it apart. */
export interface RepeatedBy {
  readonly workflowId: string;
  readonly runId: string | undefined;
}

/** Who takes the letters of a run for a redrive. */
export interface Claiming extends Resolving {
  /** The redrive of many, as `workflow id/run id`; absent for a redrive of one. */
  readonly redrive?: string | undefined;
}

/** The runs of a redrive of many that come next. */
export interface NextRuns {
  /** One letter of each run, with the number after which the next ones begin. */
  readonly runs: readonly { readonly letter: DeadLetter; readonly position: string }[];
  /** All runs from these on. */
  readonly left: number;
  /** Letters that are left out because they are in quarantine. */
  readonly quarantined: number;
}

/** Which runs of a redrive of many are meant. */
export interface NextRunsOptions {
  readonly redrive: string;
  readonly quarantined: boolean;
  readonly after: string | null;
  readonly most: number;
}

/**
 * The dead letters in the database; `createDeadLetterRecords` of `services/dlq` implements it.
 *
 * @example
 * ```ts
 * import { connectPerennial, type DeadLetterRecords } from './client/index.ts';
 *
 * const connect = (deadLetterRecords: DeadLetterRecords) =>
 *   connectPerennial({ address: 'localhost:7233', deadLetterRecords });
 * ```
 */
export interface DeadLetterRecords extends KeptPieces {
  /** How many steps of a run a redrive keeps and repeats; `undefined` for a run that is not recorded. */
  stepsOf(runId: string): Promise<{ readonly kept: number; readonly again: number } | undefined>;
  /** Open letters, the oldest first. */
  list(filter: DeadLetterFilter, paging: DeadLetterPaging): Promise<DeadLetterPage>;
  get(taskId: string): Promise<DeadLetter | undefined>;
  /** Causes of open letters, the most frequent first. */
  causes(filter: DeadLetterFilter, limit: number): Promise<readonly DeadCause[]>;
  /** The runs that a redrive of many takes next: those with open letters, and those that it has started itself. */
  nextRuns(filter: DeadLetterFilter, options: NextRunsOptions): Promise<NextRuns>;
  /**
   * Takes the open letters of a run for a redrive, so that two operators at once start one. A taking that has led to
   * nothing for a minute, because its process died, is open to others, and at once to the same redrive of many.
   *
   * @returns whether they were taken
   */
  claim(runId: string, claiming: Claiming): Promise<boolean>;
  /** Closes the letters of a run that was claimed, and notes the run that repeats it. */
  redriven(runId: string, to: RepeatedBy, claiming: Claiming): Promise<void>;
  /** Gives the letters of a run back, and notes why its redrive did not begin. */
  release(runId: string, why: string, claiming: Claiming): Promise<void>;
  /**
   * What was done about a run, the oldest first: about all its failures, and about the runs that it repeats.
   *
   * @param taskId - the letter whose own closings are meant
   */
  history(workflowId: string, taskId: string): Promise<readonly DeadLetterEvent[]>;
  /** Closes one open letter without a redrive. @returns whether it was open */
  close(taskId: string, resolution: Resolution, resolving: Resolving): Promise<boolean>;
}
