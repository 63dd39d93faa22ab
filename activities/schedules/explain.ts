/** Combines due times and started runs to one row for each due time, with the reason when no run was started. */
import type { ScheduleRun } from '../../contracts/schedules/schema.ts';
import type { RunReason, RunState } from '../../contracts/schedules/vocabulary.ts';
import { hashDefinition } from '../../schedules/definition.ts';
import { dueTimes } from '../../schedules/next.ts';
import { compileRecurrence } from '../../schedules/timing.ts';
import type {
  AuditCounts,
  AuditMark,
  PauseChange,
  StartedRun,
  WatchedSchedule,
} from '../../services/schedules/port.ts';

/** Age in milliseconds below which a due time is left for the next audit, because listings of the server lag. */
export const GRACE_MS = 60_000;

/** Age in milliseconds up to which an unexplained due time is examined again. */
export const PATIENCE_MS = 600_000;

/** Milliseconds after due time and jitter from which a start counts as late. */
const LATE_MS = 60_000;

/** The evidence about one schedule. */
export interface Evidence {
  readonly schedule: WatchedSchedule;
  /** `undefined` for a schedule that was never audited. */
  readonly mark: AuditMark | undefined;
  /** Runs of this schedule. */
  readonly runs: readonly StartedRun[];
  /** Every recent pause and continuation, oldest first; `undefined` when the server keeps no record of them. */
  readonly pauses?: readonly PauseChange[] | undefined;
  readonly nowMs: number;
}

/** The result of auditing one schedule. */
export interface Verdict {
  readonly rows: readonly ScheduleRun[];
  readonly mark: AuditMark;
}

/**
 * Audits one schedule. A due time `ran` when a run carries it. For the others the server only counts how many were
 * skipped or missed; which is which follows from the runs and pauses at that moment.
 */
export function explain(evidence: Evidence): Verdict {
  const { schedule, mark, nowMs } = evidence;
  const fromMs = startOf(evidence);
  const toMs = Math.max(fromMs, nowMs - GRACE_MS);
  const unmatched = unmatchedBetween(evidence, fromMs, toMs);
  const { rows, openMs } = settleInOrder(evidence, unmatched);
  const { id, paused, counts, definition } = schedule;
  const now = openMs === undefined;
  return {
    rows: [...ranRows(evidence), ...rows],
    mark: {
      scheduleId: id,
      auditedUntil: new Date(now ? toMs : openMs - 1).toISOString(),
      // Open due times are judged by the state at their time, not by the current one.
      paused: now ? paused : (mark?.paused ?? paused),
      counts: now ? counts : (mark?.counts ?? NO_COUNTS),
      definition,
    },
  };
}

/**
 * Tells whether the pauses of the schedule are needed: a due time has no run, and the schedule was not paused
 * throughout.
 */
export function pausesMatter(evidence: Evidence): boolean {
  const fromMs = startOf(evidence);
  const toMs = Math.max(fromMs, evidence.nowMs - GRACE_MS);
  return !pausedThroughout(evidence) && unmatchedBetween(evidence, fromMs, toMs).length > 0;
}

function pausedThroughout({ schedule, mark }: Evidence): boolean {
  return schedule.paused && (mark === undefined || mark.paused);
}

function unmatchedBetween(evidence: Evidence, fromMs: number, toMs: number): readonly number[] {
  const started = new Set(evidence.runs.map(({ dueAt }) => Date.parse(dueAt)));
  const due = dueBetween(evidence, fromMs, toMs);
  const unmatched = due.filter((ms) => !started.has(ms));
  if (evidence.schedule.remaining !== 0) return unmatched;
  // A one-off schedule that is finished is not due after its only run.
  const servedMs = due.find((ms) => started.has(ms)) ?? -Infinity;
  return unmatched.filter((ms) => ms < servedMs);
}

/** Returns rows in order, up to the first due time that may still be started or explained. */
function settleInOrder(
  evidence: Evidence,
  unmatched: readonly number[],
): { rows: readonly ScheduleRun[]; openMs: number | undefined } {
  const judge = createJudge(evidence);
  const rows: ScheduleRun[] = [];
  for (const ms of unmatched) {
    const row = judge(ms);
    const hopeful = row.reason === 'unexplained' && evidence.nowMs - ms < PATIENCE_MS;
    if (evidence.schedule.waiting > 0 || hopeful) return { rows, openMs: ms };
    rows.push(row);
  }
  return { rows, openMs: undefined };
}

const NO_COUNTS: AuditCounts = { missedCatchup: 0, skippedOverlap: 0, bufferDropped: 0 };

/** Returns the instant from which due times are audited, in milliseconds. */
export function startOf({ schedule, mark }: Evidence): number {
  if (mark !== undefined) return Date.parse(mark.auditedUntil);
  // The rule before the update is unknown, so earlier due times are not audited.
  return Date.parse(schedule.updatedAt ?? schedule.createdAt);
}

/**
 * Returns due times by the old rule before an update and by the new one after it. Of two updates between audits only
 * the last is visible.
 */
function dueBetween({ schedule, mark }: Evidence, fromMs: number, toMs: number): readonly number[] {
  const { definition, updatedAt } = schedule;
  const rule = (recurrence: typeof definition, from: number, to: number): readonly number[] =>
    dueTimes(compileRecurrence(recurrence), from, to);
  const changed = mark !== undefined && hashDefinition(mark.definition) !== hashDefinition(definition);
  if (!changed || updatedAt === null) return rule(definition, fromMs, toMs);
  const changeMs = Math.min(toMs, Math.max(fromMs, Date.parse(updatedAt)));
  return [...rule(mark.definition, fromMs, changeMs), ...rule(definition, changeMs, toMs)];
}

/**
 * Returns the rows of due times with a run. Runs of solar schedules are recorded by their own workflow, with the moment
 * that it waited for.
 */
function ranRows({ schedule, runs }: Evidence): readonly ScheduleRun[] {
  if ('solar' in schedule.definition.timing) return [];
  const tolerated = schedule.definition.policy.jitterMs + LATE_MS;
  return runs.map(({ scheduleId, dueAt, startedAt, workflowId }) => {
    const delayMs = Date.parse(startedAt) - Date.parse(dueAt);
    const late = delayMs > tolerated;
    return {
      ...{ scheduleId, dueAt, startedAt, workflowId, state: 'ran' as const },
      reason: late ? 'late' : null,
      detail: late ? `started ${Math.round(delayMs / 1000)} s after it was due` : null,
    };
  });
}

/** A reason that the server counts, or a pause. */
interface Explanation {
  readonly state: Exclude<RunState, 'ran'>;
  readonly reason: RunReason;
  /** Uses up one count of the evidence and returns the detail; `undefined` when it does not explain this due time. */
  readonly use: (dueMs: number) => string | undefined;
}

/** Assigns the counts of the server since the last audit to due times, most certain evidence first. */
function createJudge(evidence: Evidence): (dueMs: number) => ScheduleRun {
  const explanations = explanationsFor(evidence);
  return (dueMs) => {
    const base = {
      scheduleId: evidence.schedule.id,
      dueAt: new Date(dueMs).toISOString(),
      workflowId: null,
      startedAt: null,
    };
    for (const { state, reason, use } of explanations) {
      const detail = use(dueMs);
      if (detail !== undefined) return { ...base, state, reason, detail };
    }
    const detail = 'the server neither started it nor counted why not';
    return { ...base, state: 'missed', reason: 'unexplained', detail };
  };
}

function explanationsFor(evidence: Evidence): readonly Explanation[] {
  const { schedule, mark, runs, pauses } = evidence;
  const before = mark?.counts ?? NO_COUNTS;
  const overlaps = budget(schedule.counts.skippedOverlap - before.skippedOverlap);
  const catchups = budget(schedule.counts.missedCatchup - before.missedCatchup);
  const drops = budget(schedule.counts.bufferDropped - before.bufferDropped);
  const inTheWay = (dueMs: number): StartedRun | undefined =>
    runs.find(
      ({ startedAt, endedAt }) => Date.parse(startedAt) <= dueMs && (endedAt === null || Date.parse(endedAt) > dueMs),
    );
  const throughout = pausedThroughout(evidence);
  const sometime = pauses === undefined && (schedule.paused || mark?.paused === true);
  const say = (holds: boolean, words: string): string | undefined => (holds ? words : undefined);
  return [
    // The server counts nothing while a schedule is paused.
    { state: 'skipped', reason: 'paused', use: (dueMs) => pauseAt(evidence, dueMs) },
    {
      ...{ state: 'skipped', reason: 'overlap' },
      use: (dueMs) => {
        const other = inTheWay(dueMs);
        return other !== undefined && overlaps() ? `${other.workflowId} was still running` : undefined;
      },
    },
    { state: 'skipped', reason: 'paused', use: () => say(throughout, pauseText(schedule.note)) },
    { state: 'missed', reason: 'catch-up', use: () => (catchups() ? catchupText(schedule) : undefined) },
    { state: 'skipped', reason: 'overlap', use: () => (overlaps() ? 'the run before was still running' : undefined) },
    {
      state: 'missed',
      reason: 'buffer-full',
      use: () => (drops() ? 'more runs waited than the server keeps' : undefined),
    },
    { state: 'skipped', reason: 'paused', use: () => say(sometime, pauseText(schedule.note)) },
  ];
}

/** Describes the pause during a due time; `undefined` when there was none or the server keeps no record. */
function pauseAt({ schedule, pauses }: Evidence, dueMs: number): string | undefined {
  if (pauses === undefined) return undefined;
  const last = pauses.findLast(({ at }) => Date.parse(at) <= dueMs);
  if (last !== undefined) return last.paused ? pauseText(last.note) : undefined;
  const [next] = pauses;
  if (next === undefined) return schedule.paused ? pauseText(schedule.note) : undefined;
  return next.paused ? undefined : pauseText(null);
}

/** Creates a function that returns true so many times. */
function budget(count: number): () => boolean {
  let left = count;
  return () => left-- > 0;
}

function pauseText(note: string | null): string {
  return note === null ? 'the schedule was paused' : `the schedule was paused; its note: ${note.slice(0, 400)}`;
}

function catchupText({ definition }: WatchedSchedule): string {
  return `the server was away for longer than the catch-up window of ${definition.policy.catchupMs / 1000} s`;
}
