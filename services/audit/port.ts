/** The port of audits: what the database says about work that was accepted. */

/** A row that says that work is under way. */
export interface RunningRow {
  readonly table: 'batches' | 'imports';
  /** Also the id of its run. */
  readonly id: string;
}

/** A dead letter that is open, or that was redriven lately. */
export interface AuditedLetter {
  readonly taskId: string;
  readonly workflowId: string;
  readonly runId: string;
  /** The run that repeats it; `null` for an open letter. */
  readonly redrivenAs: string | null;
}

/**
 * What the database says about work; `createAuditRecords` of `services/audit` implements it. Lists come in pages, so that
 * none is held as a whole.
 *
 * @example
 * ```ts
 * import { type AuditRecords, connectPerennial } from './client/index.ts';
 *
 * const connect = (auditRecords: AuditRecords) => connectPerennial({ address: 'localhost:7233', auditRecords });
 * ```
 */
export interface AuditRecords {
  /** Rows of running work that are older than a time. */
  runningRows(before: Date): AsyncIterable<RunningRow>;
  /** Open letters, and those that were redriven since a time. */
  letters(redrivenSince: Date): AsyncIterable<AuditedLetter>;
  /** Says of which runs the failures are noted. */
  noted(runIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Whether a row still says that work is under way. */
  isRunning(row: RunningRow): Promise<boolean>;
  /** Whether a letter is still open, or still names its redrive. */
  isStill(letter: AuditedLetter): Promise<boolean>;
}
