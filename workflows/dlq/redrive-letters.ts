import { condition, continueAsNew, setHandler, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { RedriveOrder } from '../../contracts/dlq/schema.ts';
import type { RedriveRunsOutput } from '../../contracts/dlq/task-schemas.schema.ts';
import { MOST_AT_ONCE, MOST_NAMED, type redriveMessages, REDRIVES_MEMO } from '../../contracts/dlq/vocabulary.ts';
import type { RedriveProgress } from '../../contracts/dlq/vocabulary.ts';
import { tasks } from '../calls/tasks.ts';
import { abortSignal, pauseSignal, resumeSignal } from './messages.ts';

/** The memory of a redrive, which continue-as-new passes on; the same size for ten letters and for 100,000. */
export interface RedriveState {
  /** Letters of later failures are left alone: a run that fails again is not redriven again. */
  readonly until: string;
  /** Number of the letter after which it goes on. */
  after: string | null;
  progress: RedriveProgress;
}

/**
 * Redrives the runs of all letters that a filter lets through and that failed before it began, each once, so many a second.
 * @param carried - set by continue-as-new only
 * @throws ApplicationFailure where the database refuses the work
 */
export async function redriveLetters(order: RedriveOrder, carried?: RedriveState): Promise<RedriveProgress> {
  const state = carried ?? newState(order);
  const tell = (change: Partial<RedriveProgress>): void => {
    state.progress = { ...state.progress, ...change };
    upsertMemo({ [REDRIVES_MEMO]: { order, progress: state.progress } });
  };
  const steer = (what: keyof typeof redriveMessages, by: string, change: Partial<RedriveProgress>): void => {
    const intervention = { what, by, at: new Date().toISOString() };
    tell({ ...change, interventions: [...state.progress.interventions, intervention].slice(-MOST_NAMED) });
  };
  setHandler(pauseSignal, (by = 'somebody') => steer('pause', by, { paused: true }));
  setHandler(resumeSignal, (by = 'somebody') => steer('resume', by, { paused: false }));
  setHandler(abortSignal, (by = 'somebody') => steer('abort', by, { aborted: true }));
  return (await redriveAll(order, state, tell)) === 'more'
    ? continueAsNew<typeof redriveLetters>(order, state)
    : state.progress;
}

function newState({ filter }: RedriveOrder): RedriveState {
  const startedAt = new Date().toISOString();
  // A failure of the same millisecond is an earlier one.
  const begun = new Date(Date.now() + 1).toISOString();
  return {
    until: filter.until !== undefined && Date.parse(filter.until) < Date.parse(begun) ? filter.until : begun,
    after: null,
    progress: {
      startedAt,
      ...{ paused: false, aborted: false, done: 0, left: null, failed: 0, taken: 0, quarantined: 0 },
      ...{ reasons: [], interventions: [] },
    },
  };
}

async function redriveAll(
  order: RedriveOrder,
  state: RedriveState,
  tell: (change: Partial<RedriveProgress>) => void,
): Promise<'done' | 'more'> {
  for (;;) {
    await condition(() => !state.progress.paused || state.progress.aborted);
    const most = mostOf(order, state.progress);
    if (state.progress.aborted || most === 0) return 'done';
    if (workflowInfo().continueAsNewSuggested) return 'more';
    const begunAt = Date.now();
    const next = await tasks.dlq.redriveRuns(inputOf(order, state, most));
    tell(counted(state.progress, next, order));
    if (next.after === null || next.left === 0) return 'done';
    state.after = next.after;
    const runs = next.done + next.taken + next.failed.length;
    const dueIn = begunAt + (runs / order.perSecond) * 1_000 - Date.now();
    if (dueIn > 0) await condition(() => state.progress.aborted, dueIn);
  }
}

/** Runs of the next attempt, those of about a second, so that a pause takes effect soon; none when the limit is reached. */
function mostOf({ perSecond, limit = Infinity }: RedriveOrder, { done, taken, failed }: RedriveProgress): number {
  const most = Math.max(1, Math.min(MOST_AT_ONCE, Math.ceil(perSecond)));
  return Math.max(0, Math.min(most, limit - done - taken - failed));
}

function inputOf(
  { filter, by, reason, perSecond, quarantined = false, whole = false }: RedriveOrder,
  { until, after }: RedriveState,
  most: number,
): Parameters<typeof tasks.dlq.redriveRuns>[0] {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const why = reason === undefined ? {} : { reason };
  const redrive = `${workflowId}/${firstExecutionRunId}`;
  return { redrive, filter: { ...filter, until }, by, ...why, perSecond, quarantined, whole, after, most };
}

function counted(
  { done, taken, failed, reasons }: RedriveProgress,
  next: RedriveRunsOutput,
  { limit = Infinity }: RedriveOrder,
): Partial<RedriveProgress> {
  const counts = { done: done + next.done, taken: taken + next.taken, failed: failed + next.failed.length };
  return {
    ...counts,
    left: Math.min(next.left, limit - counts.done - counts.taken - counts.failed),
    quarantined: next.quarantined,
    reasons: [...reasons, ...next.failed].slice(0, MOST_NAMED),
  };
}
