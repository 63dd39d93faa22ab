/** Where something stands that has a row: by the server while it knows the run, by the row after that. */
import type { LookAtRun, RunEnd } from '../../services/housekeeping/port.ts';
import { NotFound, Unavailable } from './errors.ts';
import type { BulkProgress } from '../../contracts/email/vocabulary.ts';
import type { BulkCounts } from '../../services/email/port.ts';
import type { JobHandle, JobStatus } from './jobs.ts';

/**
 * Asks about the run of a job; one that the server does not know is `gone`.
 *
 * @example
 * ```ts
 * import { lookAtJob } from './client/index.ts';
 *
 * const look = lookAtJob(perennial.documents.getBatch('invoices'));
 * console.log(await look());
 * ```
 */
export function lookAtJob(job: Pick<JobHandle<unknown>, 'status'>): () => ReturnType<LookAtRun> {
  return () =>
    job.status().catch((error: unknown) => {
      if (error instanceof NotFound) return 'gone';
      throw error;
    });
}

/**
 * The rows of batches, as far as a look needs them.
 *
 * @example
 * ```ts
 * import type { BatchRows } from './client/index.ts';
 *
 * const closed = (rows: BatchRows) => rows.batchStatus('batch-ocr-invoices');
 * ```
 */
export interface BatchRows {
  closeBatch(id: string, look: LookAtRun): Promise<RunEnd | undefined>;
  reopenBatch(id: string, look: LookAtRun): Promise<void>;
  batchStatus(id: string): Promise<string | undefined>;
}

/**
 * Where a batch stands.
 *
 * @example
 * ```ts
 * import type { BatchStatus } from './client/index.ts';
 *
 * const isOver = (status: BatchStatus): boolean => status !== 'running';
 * ```
 */
export type BatchStatus = RunEnd | 'running';

/**
 * Where a batch stands. A row whose run has ended without closing it is closed
 * on the way, and one whose run was reset is opened again, so that whoever asks
 * next hears the same.
 *
 * @throws NotFound neither the server nor the database knows the batch
 *
 * @example
 * ```ts
 * import { type BatchRows, batchStanding } from './client/index.ts';
 *
 * const statusOf = (id: string, rows: BatchRows) => batchStanding(perennial.documents.getBatch(id), rows);
 * ```
 */
export async function batchStanding(
  batch: Pick<JobHandle<unknown>, 'id' | 'status'>,
  rows: BatchRows,
): Promise<BatchStatus> {
  const look = lookAtJob(batch);
  const status = await look();
  if (status === 'running') {
    await rows.reopenBatch(batch.id, look);
    return status;
  }
  await rows.closeBatch(batch.id, look);
  if (status !== 'gone') return status;
  const row = await rows.batchStatus(batch.id);
  if (row === undefined) throw new NotFound(batch.id, 'batch');
  // Rows have a word of their own for what ended well.
  return ENDS.find((end) => end === row) ?? 'completed';
}

const ENDS: readonly BatchStatus[] = ['failed', 'cancelled', 'terminated', 'timed-out', 'gone'];

/**
 * The ledger of mail, as far as a look at a mailing needs it.
 *
 * @example
 * ```ts
 * import type { BulkLedger } from './client/index.ts';
 *
 * const sent = async (ledger: BulkLedger): Promise<number> => (await ledger.counts('bulk-email-1')).sent;
 * ```
 */
export interface BulkLedger {
  counts(bulkId: string): Promise<BulkCounts>;
}

/**
 * Where a mailing stands.
 *
 * @example
 * ```ts
 * import type { BulkStatus } from './client/index.ts';
 *
 * const isKnown = (status: BulkStatus): boolean => status !== 'gone';
 * ```
 */
export type BulkStatus = JobStatus | 'gone';

/**
 * How far a mailing is: by the run itself, and by the ledger when nobody
 * answers for the run, it was stopped, or the server has forgotten it. A
 * stopped run has not counted what was under way; when the run says nothing,
 * `total` is what the ledger holds.
 *
 * @throws NotFound neither the server nor the ledger knows the mailing
 *
 * @example
 * ```ts
 * import { type BulkLedger, bulkStanding } from './client/index.ts';
 *
 * const progressOf = (id: string, ledger: BulkLedger) => bulkStanding(perennial.email.getBulk(id), ledger);
 * ```
 */
export async function bulkStanding(
  bulk: Pick<JobHandle<unknown>, 'id' | 'status'> & { progress(): Promise<BulkProgress> },
  ledger: BulkLedger,
): Promise<{ readonly status: BulkStatus; readonly progress: BulkProgress }> {
  const status = await lookAtJob(bulk)();
  const progress = status === 'gone' ? undefined : await progressOf(bulk);
  if (progress !== undefined && (status === 'running' || status === 'completed')) return { status, progress };
  const counts = await ledger.counts(bulk.id);
  const reached = counts.sent + counts.failed + counts.duplicates + counts.deferred;
  if (status === 'gone' && reached === 0) throw new NotFound(bulk.id, 'mailing');
  const { round = 1, total = reached } = progress ?? {};
  const phase = phaseOf(status, { reached, deferred: counts.deferred });
  return { status, progress: { phase, round, total: Math.max(total, reached), ...counts } };
}

/** Returns `undefined` when no worker answers, or when the server has forgotten the run since it was asked. */
async function progressOf(bulk: { progress(): Promise<BulkProgress> }): Promise<BulkProgress | undefined> {
  try {
    return await bulk.progress();
  } catch (error) {
    if (error instanceof Unavailable || error instanceof NotFound) return undefined;
    throw error;
  }
}

function phaseOf(status: BulkStatus, ledger: { reached: number; deferred: number }): BulkProgress['phase'] {
  if (status === 'running') return ledger.reached === 0 ? 'preparing' : 'sending';
  // A forgotten run had ended well unless it has left recipients behind.
  return status === 'completed' || (status === 'gone' && ledger.deferred === 0) ? 'finished' : 'cancelled';
}
