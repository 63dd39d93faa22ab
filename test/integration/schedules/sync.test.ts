/** Schedules of code on a real server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotFound } from '../../../client/index.ts';
import { scheduleEntries } from '../../../schedules/entries.ts';
import { definition } from '../../support/fakes/schedules.ts';
import { createForeign, eventually, never, own, startScheduleWorld, type ScheduleWorld } from './world.ts';

let world: ScheduleWorld;
beforeAll(async () => {
  world = await startScheduleWorld();
});
afterAll(() => world.stop());

const listed = (id: string) => async () => (await world.client.schedules.list()).some((view) => view.id === id);

describe('BEAT-25 sync', () => {
  it('creates what code has, and a second one changes nothing', async () => {
    const first = await world.client.schedules.sync();
    expect(first.changes.map(({ action }) => action)).toEqual(scheduleEntries.map(() => 'create'));
    expect(await world.client.schedules.sync()).toMatchObject({ changes: [], unchanged: scheduleEntries.length });
  });

  it('two at once are as good as one', async () => {
    const code = [1, 2, 3, 4, 5].map((n) => definition({ id: `race-${String(n)}`, timing: never }));
    await world.withCode([...scheduleEntries, ...code], async (one) => {
      await world.withCode([...scheduleEntries, ...code], async (two) => {
        const reports = await Promise.all([one.schedules.sync(), two.schedules.sync(), one.schedules.sync()]);
        const created = reports.flatMap(({ changes }) => changes).filter(({ action }) => action === 'create');
        expect(created.map(({ id }) => id).sort()).toEqual(code.map(({ id }) => id));
      });
    });
    await eventually(listed('race-5'), Boolean);
    await Promise.all([world.client.schedules.sync(), world.client.schedules.sync()]);
    await eventually(listed('race-1'), (found) => !found);
    expect(await eventually(listed('race-5'), (found) => !found)).toBe(false);
  });

  it('updates what differs, names the fields, and leaves pauses and notes as they are', async () => {
    const before = definition({ id: 'changing', timing: { cron: '0 2 * * *' } });
    const after = { ...before, timing: { cron: '0 3 * * *' }, policy: { ...before.policy, catchupMs: 60_000 } };
    await world.withCode([...scheduleEntries, before], (code) => code.schedules.sync());
    await world.client.schedules.pause('changing', 'moving house until Friday');
    await eventually(listed('changing'), Boolean);
    await world.withCode([...scheduleEntries, after], async (code) => {
      const change = {
        id: 'changing',
        action: 'update',
        differences: [
          { field: 'timing', from: '{"cron":"0 2 * * *"}', to: '{"cron":"0 3 * * *"}' },
          { field: 'policy.catchupMs', from: '600000', to: '60000' },
        ],
      };
      expect(await code.schedules.sync({ dryRun: true })).toMatchObject({ dryRun: true, changes: [change] });
      expect((await code.schedules.describe('changing')).definition).toEqual(before);
      expect((await code.schedules.sync()).changes).toEqual([change]);
      const view = await code.schedules.describe('changing');
      expect(view).toMatchObject({ paused: true, note: 'moving house until Friday', definition: after });
      expect(view.next[0]?.slice(11, 16)).toBe('03:00');
      expect((await code.schedules.sync()).changes).toEqual([]);
    });
  });

  it('notices what somebody edited with another tool, and puts it right', async () => {
    const entry = definition({ id: 'edited', timing: { cron: '0 2 * * *' } });
    await world.withCode([...scheduleEntries, entry], async (code) => {
      await code.schedules.sync();
      await world.temporal.client.schedule.getHandle('edited').update(({ action, policies, state }) => ({
        action,
        policies,
        state,
        spec: { calendars: [{ hour: 5 }] },
      }));
      await eventually(listed('edited'), Boolean);
      const [change] = (await code.schedules.sync()).changes.filter(({ id }) => id === 'edited');
      expect(change?.differences.map(({ field }) => field)).toEqual(['times']);
      expect((await code.schedules.describe('edited')).next[0]?.slice(11, 16)).toBe('02:00');
    });
  });

  it('deletes what code no longer has, and leaves dynamic and foreign schedules alone', async () => {
    await createForeign(world);
    await world.client.schedules.add(own('dynamic-stays'));
    await world.withCode([...scheduleEntries, definition({ id: 'short-lived', timing: never })], (code) =>
      code.schedules.sync(),
    );
    await eventually(listed('short-lived'), Boolean);
    await eventually(listed('of-somebody-else'), Boolean);
    expect((await world.client.schedules.sync({ dryRun: true })).changes).toContainEqual({
      id: 'short-lived',
      action: 'delete',
      differences: [],
    });
    await world.client.schedules.sync();
    await expect(world.client.schedules.describe('short-lived')).rejects.toBeInstanceOf(NotFound);
    expect(await world.client.schedules.describe('dynamic-stays')).toMatchObject({ origin: 'dynamic' });
    expect(await world.client.schedules.describe('of-somebody-else')).toMatchObject({
      origin: 'foreign',
      definition: null,
    });
  });

  it('reports a name that is taken, and goes on with the rest', async () => {
    const taken = ['of-somebody-else', 'dynamic-stays'].map((id) => definition({ id, timing: never }));
    await world.withCode([...scheduleEntries, ...taken], async (code) => {
      const { changes } = await code.schedules.sync();
      expect(changes.map(({ id, action }) => [id, action])).toEqual([
        ['of-somebody-else', 'conflict'],
        ['dynamic-stays', 'conflict'],
      ]);
      expect(changes[0]?.reason).toContain('not made by Perennial');
      expect(changes[1]?.reason).toContain('at run time');
    });
  });
});
