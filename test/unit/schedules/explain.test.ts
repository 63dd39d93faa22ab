import { describe, expect, it } from 'vitest';
import { type Evidence, explain, GRACE_MS, pausesMatter } from '../../../activities/schedules/explain.ts';
import type { AuditMark, PauseChange, StartedRun, WatchedSchedule } from '../../../services/schedules/port.ts';
import { definition } from '../../support/fakes/schedules.ts';

const at = (time: string): string => `2026-01-01T${time}:00.000Z`;
const none = { missedCatchup: 0, skippedOverlap: 0, bufferDropped: 0 };
const everyTen = definition({ timing: { every: { seconds: 600 } } });

function schedule(facts: Partial<WatchedSchedule> = {}): WatchedSchedule {
  return {
    id: 'nightly',
    definition: everyTen,
    paused: false,
    remaining: null,
    note: null,
    counts: none,
    waiting: 0,
    createdAt: at('00:00'),
    updatedAt: null,
    ...facts,
  };
}

function mark(facts: Partial<AuditMark> = {}): AuditMark {
  return {
    scheduleId: 'nightly',
    auditedUntil: at('01:00'),
    paused: false,
    counts: none,
    definition: everyTen,
    ...facts,
  };
}

function run(due: string, started = due, ended: string | null = due): StartedRun {
  return {
    scheduleId: 'nightly',
    dueAt: at(due),
    startedAt: at(started),
    endedAt: ended === null ? null : at(ended),
    workflowId: `nightly-${at(due)}`,
  };
}

function judge(facts: Partial<Evidence> = {}) {
  const evidence = { schedule: schedule(), mark: mark(), runs: [], nowMs: Date.parse(at('01:45')), ...facts };
  const { rows, mark: next } = explain(evidence);
  return {
    rows: rows.map(({ dueAt, state, reason }) => `${dueAt.slice(11, 16)} ${state} ${reason ?? ''}`.trim()),
    next,
  };
}

describe('BEAT-24 what became of each due time', () => {
  it('ran when a run carries it, late when it started more than a minute after', () => {
    const runs = [run('01:10'), run('01:20', '01:27'), run('01:30'), run('01:40')];
    const { rows, next } = judge({ runs });
    expect(rows).toEqual(['01:10 ran', '01:20 ran late', '01:30 ran', '01:40 ran']);
    expect(next.auditedUntil).toBe(new Date(Date.parse(at('01:45')) - GRACE_MS).toISOString());
  });

  it('leaves due times of the last minute to the next audit', () => {
    expect(judge({ nowMs: Date.parse(at('01:10')) + 30_000 }).rows).toEqual([]);
  });

  it('was skipped because the run before was going on', () => {
    const counted = schedule({ counts: { ...none, skippedOverlap: 2 } });
    const { rows } = judge({ schedule: counted, runs: [run('01:10', '01:10', '01:35'), run('01:40')] });
    expect(rows).toEqual(['01:10 ran', '01:40 ran', '01:20 skipped overlap', '01:30 skipped overlap']);
  });

  it('was missed because the server was away for longer than the catch-up window', () => {
    const counted = schedule({ counts: { ...none, missedCatchup: 3 } });
    expect(judge({ schedule: counted, runs: [run('01:40')] }).rows).toEqual([
      '01:40 ran',
      '01:10 missed catch-up',
      '01:20 missed catch-up',
      '01:30 missed catch-up',
    ]);
  });

  it('was missed because more runs were waiting than the server keeps', () => {
    const counted = schedule({ counts: { ...none, bufferDropped: 1 } });
    const runs = [run('01:20'), run('01:30'), run('01:40')];
    expect(judge({ schedule: counted, runs }).rows).toContain('01:10 missed buffer-full');
  });

  it('was skipped because somebody had paused it, and the row holds the note', () => {
    const paused = schedule({ paused: true, note: 'moving house' });
    const { rows } = explain({
      schedule: paused,
      mark: mark({ paused: true }),
      runs: [],
      nowMs: Date.parse(at('01:45')),
    });
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject({ state: 'skipped', reason: 'paused' });
    expect(rows[0]?.detail).toContain('moving house');
  });

  it('was skipped by a pause that is over', () => {
    const { rows } = judge({ mark: mark({ paused: true }), runs: [run('01:30'), run('01:40')] });
    expect(rows).toEqual(['01:30 ran', '01:40 ran', '01:10 skipped paused', '01:20 skipped paused']);
  });

  it('was skipped by a pause that began and ended between two audits, with its own note', () => {
    const pauses = [
      { at: at('01:05'), paused: false, note: 'long ago' },
      { at: at('01:15'), paused: true, note: 'moving house' },
      { at: at('01:25'), paused: false, note: 'back' },
    ];
    const { rows } = explain({
      schedule: schedule({ note: 'back', counts: { ...none, missedCatchup: 1, skippedOverlap: 9 } }),
      mark: mark(),
      runs: [run('01:30'), run('01:40')],
      nowMs: Date.parse(at('01:45')),
      pauses,
    });
    const judged = rows.filter(({ state }) => state !== 'ran');
    // Evidence that was counted is left for the due time that no pause explains.
    expect(judged.map(({ dueAt, reason }) => [dueAt, reason])).toEqual([
      [at('01:10'), 'catch-up'],
      [at('01:20'), 'paused'],
    ]);
    expect(judged[1]?.detail).toBe('the schedule was paused; its note: moving house');
  });

  it('follows the times of pauses where they are known, before the first and after the last as well', () => {
    const since = (paused: boolean, change?: PauseChange): readonly string[] =>
      judge({ schedule: schedule({ paused }), pauses: change === undefined ? [] : [change] }).rows.map((it) =>
        it.slice(6),
      );
    const unexplained = 'missed unexplained';
    const paused = 'skipped paused';
    expect(since(true)).toEqual([paused, paused, paused, paused]);
    expect(since(false)).toEqual([unexplained, unexplained, unexplained]);
    expect(since(false, { at: at('01:25'), paused: false, note: 'on' })).toEqual([paused, paused, unexplained]);
    expect(since(true, { at: at('01:25'), paused: true, note: 'off' })).toEqual([
      unexplained,
      unexplained,
      paused,
      paused,
    ]);
  });

  it('asks for pauses only where they may explain something', () => {
    const evidence = (facts: Partial<Evidence>): Evidence => ({
      ...{ schedule: schedule(), mark: mark(), runs: [], nowMs: Date.parse(at('01:45')) },
      ...facts,
    });
    expect(pausesMatter(evidence({}))).toBe(true);
    expect(pausesMatter(evidence({ runs: ['01:10', '01:20', '01:30', '01:40'].map((due) => run(due)) }))).toBe(false);
    expect(pausesMatter(evidence({ schedule: schedule({ paused: true }), mark: mark({ paused: true }) }))).toBe(false);
  });

  it('waits while a run is waiting for the run before', () => {
    const waiting = schedule({ waiting: 1 });
    const { rows, next } = judge({ schedule: waiting, runs: [run('01:10', '01:10', null)] });
    expect(rows).toEqual(['01:10 ran']);
    expect(next.auditedUntil < at('01:20')).toBe(true);
  });

  it('is called unexplained only after ten minutes', () => {
    const { rows, next } = judge();
    expect(rows).toEqual(['01:10 missed unexplained', '01:20 missed unexplained', '01:30 missed unexplained']);
    expect(next.auditedUntil < at('01:40')).toBe(true);
  });

  it('follows the old rule before an update and the new one after it', () => {
    const hourly = definition({ timing: { cron: '15 * * * *' } });
    const updated = schedule({ definition: hourly, updatedAt: at('01:12'), counts: { ...none, missedCatchup: 9 } });
    expect(judge({ schedule: updated }).rows).toEqual(['01:10 missed catch-up', '01:15 missed catch-up']);
  });

  it('begins with the creation of a schedule that no audit has seen', () => {
    const counted = schedule({ createdAt: at('01:25'), counts: { ...none, missedCatchup: 9 } });
    expect(judge({ schedule: counted, mark: undefined }).rows).toEqual([
      '01:30 missed catch-up',
      '01:40 missed catch-up',
    ]);
  });

  it('is not due any more after the run of a one-off schedule, also when it is triggered later', () => {
    const finished = schedule({ definition: { ...everyTen, oneOff: true }, remaining: 0 });
    const counts = { ...none, missedCatchup: 1 };
    const before = { ...finished, counts };
    expect(judge({ schedule: before, runs: [run('01:20'), run('01:33')] }).rows).toEqual([
      '01:20 ran',
      '01:33 ran',
      '01:10 missed catch-up',
    ]);
    expect(judge({ schedule: finished, runs: [] }).rows).toEqual([]);
    const waiting = schedule({ definition: { ...everyTen, oneOff: true }, remaining: 1, paused: true });
    expect(judge({ schedule: waiting, mark: mark({ paused: true }) }).rows).toHaveLength(4);
  });
});
