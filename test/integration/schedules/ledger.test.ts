/** The ledger of due times: the table, the audit over a real server, and the schedule of a user. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRuns } from '../../../activities/schedules/audit-runs.ts';
import { GRACE_MS } from '../../../activities/schedules/explain.ts';
import { createScheduleActivities } from '../../../activities/schedules/index.ts';
import type { SchedulePorts } from '../../../activities/schedules/ports.ts';
import type { ScheduleRun } from '../../../contracts/schedules/schema.ts';
import { createScheduleLedger } from '../../../services/schedules/postgres.ts';
import type { ScheduleLedger } from '../../../services/schedules/port.ts';
import { createUserStore } from '../../../services/users/postgres.ts';
import { scheduleServer } from '../../../client/schedules/server.ts';
import { definition } from '../../support/fakes/schedules.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { eventually, failureOf, own, startScheduleWorld, type ScheduleWorld } from './world.ts';
import { silentLog } from '../../support/silent-log.ts';

let world: ScheduleWorld;
let database: TestDatabase;
let ledger: ScheduleLedger;
let ports: SchedulePorts;
beforeAll(async () => {
  [world, database] = await Promise.all([startScheduleWorld(), testDatabase()]);
  ledger = createScheduleLedger(database.db);
  ports = {
    ledger,
    users: createUserStore(database.db),
    server: scheduleServer(() => Promise.resolve(world.client)),
    // The youngest due times count as well.
    now: () => Date.now() + GRACE_MS,
  };
});
afterAll(async () => {
  await world.stop();
  await database.drop();
});

const quiet = { log: () => silentLog };
const signal = new AbortController().signal;

function row(facts: Partial<ScheduleRun> = {}): ScheduleRun {
  return {
    scheduleId: 'nightly',
    dueAt: '2026-01-01T02:00:00.000Z',
    state: 'missed',
    reason: 'unexplained',
    detail: null,
    workflowId: null,
    startedAt: null,
    ...facts,
  };
}

describe('the table', () => {
  it('keeps one row for each due time; a run found later corrects it and nothing takes a run back', async () => {
    await ledger.record([row(), row({ dueAt: '2026-01-02T02:00:00.000Z', state: 'skipped', reason: 'overlap' })]);
    await ledger.record([row()]);
    const ran = row({ state: 'ran', reason: 'late', detail: 'started 90 s after it was due', workflowId: 'w-1' });
    await ledger.record([ran, row()]);
    await ledger.record([row()]);
    const rows = await ledger.list({ scheduleId: 'nightly', limit: 10 });
    expect(rows).toEqual([row({ dueAt: '2026-01-02T02:00:00.000Z', state: 'skipped', reason: 'overlap' }), ran]);
    expect(await ledger.list({ scheduleId: 'nightly', states: ['missed', 'skipped'], limit: 10 })).toHaveLength(1);
    const [first] = rows;
    if (first !== undefined)
      expect(await ledger.list({ scheduleId: 'nightly', after: first, limit: 10 })).toEqual([ran]);
    const twins = ['a', 'b', 'c'].map((scheduleId) => row({ scheduleId, dueAt: '2030-01-01T00:00:00.000Z' }));
    await ledger.record(twins);
    // A page may end between rows of one time.
    expect((await ledger.list({ after: twins[0] ?? ran, limit: 2 })).map(({ scheduleId }) => scheduleId)).toEqual([
      'b',
      'c',
    ]);
  });

  it('remembers how far an audit came, never backwards, until the schedule is gone', async () => {
    const mark = {
      scheduleId: 'nightly',
      auditedUntil: '2026-01-01T03:00:00.000Z',
      paused: true,
      counts: { missedCatchup: 1, skippedOverlap: 2, bufferDropped: 3 },
      definition: definition(),
    };
    await ledger.settle(mark, []);
    await ledger.settle({ ...mark, auditedUntil: '2026-01-01T02:00:00.000Z' }, []);
    expect(await ledger.marks()).toEqual([mark]);
    await ledger.forget(['nightly']);
    expect(await ledger.marks()).toEqual([]);
  });
});

describe('BEAT-24 the audit of a real server', () => {
  it('writes down what ran, what the run before was in the way of, and what a pause kept back', async () => {
    const every = { timing: { every: { seconds: 1 } } };
    const slow = { 'documents.extractInvoice': () => sleep(2_600).then(() => ({ status: 'success' })) };
    await world.temporal.withWorkers(slow, async () => {
      await world.client.schedules.add(own('busy', every));
      await world.client.schedules.add(own('resting', every));
      await world.client.schedules.pause('resting', 'moving house');
      await eventually(
        () => world.client.schedules.describe('busy'),
        ({ counts }) => counts.started >= 2 && counts.skippedOverlap >= 3,
      );
      await world.client.schedules.pause('busy', 'seen enough');
      const { counts } = await world.client.schedules.describe('busy');
      const runs = await eventually(
        () => world.client.schedules.runsSince(new Date(Date.now() - 60_000).toISOString()),
        (found) => found.filter(({ scheduleId }) => scheduleId === 'busy').length === counts.started,
      );
      const output = await auditRuns(ports, { signal });
      expect(output.schedules).toBe(2);
      const busy = await ledger.list({ scheduleId: 'busy', limit: 100 });
      const of = (state: string, reason: string | null) =>
        busy.filter((it) => it.state === state && it.reason === reason);
      expect(
        of('ran', null)
          .map(({ workflowId }) => workflowId)
          .sort(),
      ).toEqual(
        runs
          .filter(({ scheduleId }) => scheduleId === 'busy')
          .map(({ workflowId }) => workflowId)
          .sort(),
      );
      expect(of('skipped', 'overlap')).toHaveLength(counts.skippedOverlap);
      expect(of('skipped', 'overlap')[0]?.detail).toMatch(/^busy-.* was still running$/);
      expect(of('missed', 'unexplained')).toEqual([]);
      const resting = await ledger.list({ scheduleId: 'resting', states: ['skipped'], limit: 100 });
      expect(resting.length).toBeGreaterThan(2);
      expect(new Set(resting.map(({ reason, detail }) => `${reason ?? ''}: ${detail ?? ''}`))).toEqual(
        new Set(['paused: the schedule was paused; its note: moving house']),
      );
      const before = await ledger.list({ limit: 500 });
      await auditRuns({ ...ports, now: () => Date.now() + GRACE_MS - 2_000 }, { signal });
      expect(await ledger.list({ limit: 500 })).toEqual(before);
    });
  });

  it('forgets the marks of schedules that are gone, and keeps their rows', async () => {
    await world.client.schedules.remove('busy');
    await world.client.schedules.remove('resting');
    await eventually(
      () => world.client.schedules.list(),
      (views) => views.length === 0,
    );
    expect(await auditRuns(ports, { signal })).toMatchObject({ schedules: 0 });
    expect(await ledger.marks()).toEqual([]);
    expect((await ledger.list({ scheduleId: 'busy', limit: 5 })).length).toBeGreaterThan(0);
  });
});

describe('BEAT-23 createUserReportTask', () => {
  const create = (userId: string) =>
    world.temporal.withWorkers(createScheduleActivities(ports, quiet), () =>
      world.client.schedules.createUserReportTask(userId),
    );

  it("creates a schedule at 8 of the user's clock, once, and follows the user who moves", async () => {
    const users = createUserStore(database.db);
    await users.put([{ id: 'u-1', email: 'u1@example.com', timeZone: 'Asia/Tokyo' }]);
    expect(await create('u-1')).toEqual({ status: 'created', task_name: 'user_daily_report_u-1' });
    expect(await create('u-1')).toEqual({ status: 'created', task_name: 'user_daily_report_u-1' });
    const view = await world.client.schedules.describe('user_daily_report_u-1');
    expect(view.definition).toMatchObject({
      timing: { cron: '0 8 * * *' },
      timeZone: 'Asia/Tokyo',
      target: { workflow: 'userDailyReport', args: ['u-1'] },
    });
    expect(view.next[0]?.slice(11)).toBe('23:00:00.000Z');
    await users.put([{ id: 'u-1', email: 'u1@example.com', timeZone: 'America/New_York' }]);
    await create('u-1');
    expect((await world.client.schedules.describe('user_daily_report_u-1')).definition?.timeZone).toBe(
      'America/New_York',
    );
  });

  it('refuses an unknown user', async () => {
    const error = await failureOf(create('nobody'));
    expect(error).toMatchObject({ type: 'UserNotFound' });
    expect(error.message).toContain("userId: expected the id of a known user, got 'nobody'");
  });
});
