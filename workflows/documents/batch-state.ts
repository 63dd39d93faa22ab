/** The state of a running batch, which continue-as-new passes on. */
import type { BatchProgress } from '../../contracts/documents/vocabulary.ts';
import type {
  BatchSummary,
  DocumentOutcome,
  PrepareBatchOutput,
  ReadingOptions,
} from '../../contracts/documents/schema.ts';

/** The memory of one batch; the same size for ten documents and for 100,000. */
export interface BatchState {
  readonly batchId: string;
  readonly startedAtMs: number;
  readonly window: number;
  phase: BatchProgress['phase'];
  paused: boolean;
  options: ReadingOptions;
  total: number;
  completed: number;
  failed: number;
  missing: number;
  /** Entries that were done when reading began, so that the estimate of the time left does not count them. */
  doneBefore: number;
  /** Position of the last entry that was handed out. */
  after: number;
  inFlight: number;
}

/** Takes over what preparation found. */
export function begin(state: BatchState, prepared: PrepareBatchOutput): void {
  const { options, ...counts } = prepared;
  Object.assign(state, counts, { options, phase: 'reading', doneBefore: done(counts) });
}

/** Counts one document that has come to its end. */
export function count(state: BatchState, status: DocumentOutcome['status']): void {
  if (status === 'completed') state.completed += 1;
  if (status === 'failed') state.failed += 1;
}

/** Takes over the counts of the rows: a run that was reset has not counted what the run before it had read. */
export function finish(state: BatchState, { total, saved: completed, failed, missing }: BatchSummary): void {
  Object.assign(state, { total, completed, failed, missing, phase: 'finished' });
}

/** The answer to the progress query. */
export function progressOf(state: BatchState, nowMs: number): BatchProgress {
  const { phase, paused, total, completed, failed, missing, inFlight } = state;
  const finished = done(state) - state.doneBefore;
  const left = total - done(state);
  return {
    phase,
    paused,
    total,
    completed,
    failed,
    missing,
    inFlight,
    startedAt: new Date(state.startedAtMs).toISOString(),
    remainingMs: finished > 0 ? Math.round(((nowMs - state.startedAtMs) / finished) * left) : null,
  };
}

function done(counts: Pick<BatchState, 'completed' | 'failed' | 'missing'>): number {
  return counts.completed + counts.failed + counts.missing;
}
