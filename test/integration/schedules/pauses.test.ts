/** Short pauses, as the server's own scheduler remembers them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRuns } from '../../../activities/schedules/audit-runs.ts';
import { GRACE_MS, PATIENCE_MS } from '../../../activities/schedules/explain.ts';
import type { SchedulePorts } from '../../../activities/schedules/ports.ts';
import { createScheduleLedger } from '../../../services/schedules/postgres.ts';
import { createUserStore } from '../../../services/users/postgres.ts';
import { scheduleServer } from '../../../client/schedules/server.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { eventually, own, scriptedTarget, startScheduleWorld, type ScheduleWorld } from './world.ts';
import { SECOND_MS } from '../../../contracts/values/units.ts';

let world: ScheduleWorld;
let database: TestDatabase;
beforeAll(async () => {
  [world, database] = await Promise.all([startScheduleWorld(), testDatabase()]);
});
afterAll(async () => {
  await world.stop();
  await database.drop();
});

const signal = new AbortController().signal;
/** The next audit looks so much later that nothing is left open. */
const LATER_MS = GRACE_MS + PATIENCE_MS;

describe('BEAT-24 a pause between two audits', () => {
  it('BEAT-24 is remembered by the server with its times and notes, and explains the due times in it', async () => {
    const ledger = createScheduleLedger(database.db);
    const server = scheduleServer(() => Promise.resolve(world.client));
    const audit = (now: () => number) => {
      const ports: SchedulePorts = { ledger, users: createUserStore(database.db), server, now };
      return auditRuns(ports, { signal });
    };
    const { schedules } = world.client;
    const started = async (count: number): Promise<void> => {
      const found = await eventually(
        () => schedules.describe('brief'),
        ({ counts }) => counts.started >= count,
      );
      expect(found.counts.started).toBeGreaterThanOrEqual(count);
    };
    await world.temporal.withWorkers(scriptedTarget([]), async () => {
      const policy = { overlap: 'allow-all' as const };
      await schedules.add(own('brief', { timing: { every: { seconds: 1 } }, policy }));
      await started(2);
      await audit(Date.now);
      await schedules.pause('brief', 'moving house');
      const pausedAt = Date.now();
      await eventually(Date.now, (now) => now > pausedAt + 3 * SECOND_MS);
      const { counts } = await schedules.describe('brief');
      await schedules.unpause('brief', 'back again');
      await started(counts.started + 2);
      await schedules.pause('brief', 'seen enough');
      const end = Date.now();

      const changes = await schedules.pausesSince('brief', new Date(pausedAt - 60_000).toISOString());
      expect(changes?.map(({ paused, note }) => [paused, note])).toEqual([
        [true, 'moving house'],
        [false, 'back again'],
        [true, 'seen enough'],
      ]);
      const [, second] = changes ?? [];
      expect(await schedules.pausesSince('brief', second?.at ?? '')).toEqual(changes?.slice(2));

      // As if ten minutes had passed: whatever has no explanation by now would be called so.
      const runs = (): Promise<readonly unknown[]> => schedules.runsSince(new Date(pausedAt).toISOString());
      await eventually(runs, (found) => found.length >= 2);
      await audit(() => end + LATER_MS);
      const rows = await ledger.list({ scheduleId: 'brief', states: ['skipped', 'missed'], limit: 2_000 });
      expect(rows.filter(({ reason }) => reason === 'unexplained')).toEqual([]);
      const ofPause = rows.filter(({ dueAt }) => dueAt < (second?.at ?? ''));
      expect(ofPause.length).toBeGreaterThanOrEqual(2);
      expect(new Set(ofPause.map(({ detail }) => detail))).toEqual(
        new Set(['the schedule was paused; its note: moving house']),
      );
    });
  });

  it('a server that keeps no history of a schedule says so, instead of "never paused"', async () => {
    expect(await world.client.schedules.pausesSince('nobody', new Date(0).toISOString())).toBeUndefined();
  });
});
