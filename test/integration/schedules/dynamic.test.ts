/** Schedules added at run time, on a real server: what we forecast is what it does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotFound } from '../../../client/index.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { queues } from '../../../contracts/queues/names.ts';
import type { NewSchedule, Timing } from '../../../contracts/schedules/vocabulary.ts';
import {
  createForeign,
  eventually,
  failureOf,
  own,
  type ScheduleWorld,
  scriptedTarget,
  startScheduleWorld,
  target,
} from './world.ts';

let world: ScheduleWorld;
beforeAll(async () => {
  world = await startScheduleWorld();
  await world.client.schedules.sync();
  await createForeign(world);
});
afterAll(() => world.stop());

describe('BEAT-22 dynamic schedules', () => {
  it('are added, changed, paused, continued and removed without a restart', async () => {
    const { schedules } = world.client;
    expect(await schedules.add(own('d-1', { timing: { cron: '0 2 * * *' } }))).toEqual({ created: true });
    await schedules.update('d-1', { timing: { crontab: { hour: 4, minute: 30 } }, policy: { overlap: 'buffer-one' } });
    const view = await schedules.describe('d-1');
    expect(view.next[0]?.slice(11, 16)).toBe('04:30');
    expect(view.definition?.policy).toMatchObject({ overlap: 'buffer-one', catchupMs: 600_000 });
    await schedules.pause('d-1', 'on holiday');
    expect(await schedules.describe('d-1')).toMatchObject({ paused: true, note: 'on holiday' });
    await schedules.unpause('d-1', 'back');
    expect(await schedules.describe('d-1')).toMatchObject({ paused: false, note: 'back' });
    await schedules.remove('d-1');
    await expect(schedules.describe('d-1')).rejects.toThrow("No schedule with the id 'd-1' is known.");
    await expect(schedules.remove('d-1')).rejects.toBeInstanceOf(NotFound);
  });

  it('are created paused, start nothing meanwhile, and keep their state when put again', async () => {
    const { schedules } = world.client;
    const schedule = own('d-paused', { timing: { every: { seconds: 1 } }, paused: true });
    expect(await schedules.add(schedule)).toEqual({ created: true });
    expect(await schedules.describe('d-paused')).toMatchObject({ paused: true, note: 'created paused' });
    await sleep(2_500);
    expect((await schedules.describe('d-paused')).counts.started).toBe(0);
    expect(await schedules.add(schedule)).toEqual({ created: false });
    const hourly = { ...schedule, timing: { every: { seconds: 3_600 } } };
    await schedules.put(hourly);
    expect(await schedules.describe('d-paused')).toMatchObject({ paused: true, note: 'created paused' });
    await schedules.unpause('d-paused', 'checked');
    await schedules.put({ ...hourly, purpose: 'other words' });
    expect(await schedules.describe('d-paused')).toMatchObject({ paused: false, note: 'checked' });
    await schedules.remove('d-paused');
  });

  it('P3-39 the same again is no error, another one of the same name is', async () => {
    const schedule = own('d-2', { timing: { cron: '0 2 * * *' } });
    expect(await world.client.schedules.add(schedule)).toEqual({ created: true });
    expect(await world.client.schedules.add(schedule)).toEqual({ created: false });
    const error = await failureOf(world.client.schedules.add({ ...schedule, timing: { cron: '0 3 * * *' } }));
    expect(error).toMatchObject({ type: 'ScheduleConflict' });
    expect(error.message).toContain('timing: has {"cron":"0 2 * * *"}, got {"cron":"0 3 * * *"}');
    await world.client.schedules.put({ ...schedule, timing: { cron: '0 3 * * *' } });
    expect((await world.client.schedules.describe('d-2')).definition?.timing).toEqual({ cron: '0 3 * * *' });
  });

  it('of others and of code are refused', async () => {
    const foreign = [
      world.client.schedules.add(own('of-somebody-else')),
      world.client.schedules.update('of-somebody-else', { timeZone: 'Europe/Berlin' }),
      world.client.schedules.remove('of-somebody-else'),
      world.client.schedules.pause('of-somebody-else', 'x'),
      world.client.schedules.trigger('of-somebody-else'),
      world.client.schedules.next('of-somebody-else'),
    ];
    for (const error of await Promise.all(foreign.map(failureOf)))
      expect(error).toMatchObject({ type: 'ScheduleForeign' });
    const code = [
      world.client.schedules.add(own('health-check')),
      world.client.schedules.update('health-check', { timeZone: 'Europe/Berlin' }),
      world.client.schedules.remove('health-check'),
    ];
    for (const error of await Promise.all(code.map(failureOf)))
      expect(error).toMatchObject({ type: 'ScheduleFromCode' });
  });

  it.each<[string, Partial<NewSchedule> & { id?: string }, string]>([
    ['a wrong cron', { timing: { cron: '61 * * * *' } }, 'timing.cron: expected minute from 0 to 59, got "61"'],
    [
      'no timing',
      { timing: {} as Timing },
      'schedule.timing: expected exactly one of cron, crontab, every, solar and at',
    ],
    [
      'a wrong zone',
      { timeZone: 'Mars/Base' },
      'timeZone: expected an IANA time zone such as Europe/Berlin, got "Mars/Base"',
    ],
    [
      'a task that is not there',
      { target: { task: 'extractInvoice', input: {} } },
      'target.task: expected the name of a task (perhaps documents.extractInvoice)',
    ],
    [
      'a workflow that is not there',
      { target: { workflow: 'nothing', args: [] } },
      'target.workflow: expected the name of a workflow, got "nothing"',
    ],
    [
      'arguments that break the schema',
      { target: { ...target, input: { documentId: 7 } } },
      'target.input.documentId: expected string, got 7',
    ],
    [
      'arguments of a workflow that break its schema',
      { target: { workflow: 'extractInvoiceData', args: [] } },
      'target.args',
    ],
    ['a wrong id', { id: 'a\nb' }, 'schedule.id: expected printable characters: no control characters'],
    ['a wrong place', { timing: { solar: { event: 'sunrise', latitude: 91, longitude: 0 } } }, 'schedule.timing'],
    [
      'an unknown policy',
      { policy: { overlap: 'sometimes' as 'skip' } },
      'schedule.policy.overlap: expected one of "skip"',
    ],
    [
      'a catch-up below what the server takes',
      { policy: { catchupMs: 1 } },
      'schedule.policy.catchupMs: expected at least 10000',
    ],
  ])('%s is refused before the server hears of it', async (_, facts, message) => {
    const error = await failureOf(world.client.schedules.add(own('wrong', facts)));
    expect(error).toBeInstanceOf(PerennialError);
    expect(error).toMatchObject({ type: 'InvalidInput' });
    expect(error.message).toContain(message);
    await expect(world.client.schedules.describe('wrong')).rejects.toBeInstanceOf(NotFound);
  });

  it('show the same times to come as the server does, over changes of clocks', async () => {
    const cases: readonly (readonly [Timing, string])[] = [
      [{ cron: '30 2 * * *' }, 'America/New_York'],
      [{ cron: '0,30 1-3 13-15 3 *' }, 'America/New_York'],
      [{ cron: '30 1 6-8 11 *' }, 'America/New_York'],
      [{ cron: '15 2 27-29 3 *' }, 'Europe/Berlin'],
      [{ cron: '15 2 24-26 10 *' }, 'Europe/Berlin'],
      [{ cron: '0 0 1,15 * FRI' }, 'Europe/Berlin'],
      [{ cron: '0 9 * * mon#1,fri#5' }, 'Europe/Berlin'],
      [{ crontab: { minute: 0, hour: 9, day_of_month: '1-7', day_of_week: 'mon' } }, 'Asia/Kolkata'],
      [{ cron: '0 0 * 9 *' }, 'America/Santiago'],
      [{ cron: '*/7 * * * *' }, 'Australia/Sydney'],
      [{ every: { seconds: 5400, offsetSeconds: 300 } }, 'UTC'],
      [{ cron: '0 12 29 2 *' }, 'UTC'],
    ];
    for (const [index, [timing, timeZone]] of cases.entries()) {
      const id = `compare-${String(index)}`;
      await world.client.schedules.add(own(id, { timing, timeZone }));
      const { next: server } = await world.client.schedules.describe(id);
      const runs = (await world.client.schedules.next(id, { count: server.length })).filter(
        ({ kind }) => kind === 'run',
      );
      expect([id, ...runs.map(({ at }) => at)]).toEqual([id, ...server]);
      expect(server.length).toBeGreaterThan(3);
      await world.client.schedules.remove(id);
    }
  });

  it('are triggered, and made up for with the times told beforehand', async () => {
    const ran: unknown[] = [];
    await world.client.schedules.add(own('d-3', { timing: { cron: '0 * * * *' } }));
    await world.temporal.withWorkers(scriptedTarget(ran), async () => {
      await world.client.schedules.trigger('d-3');
      await eventually(
        () => Promise.resolve(ran.length),
        (count) => count === 1,
      );
      const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T02:30:00Z' };
      const times = ['00', '01', '02'].map((hour) => `2026-01-01T${hour}:00:00.000Z`);
      expect(await world.client.schedules.backfill('d-3', { ...range, dryRun: true })).toEqual({ dryRun: true, times });
      await sleep(500);
      expect(ran).toHaveLength(1);
      expect(await world.client.schedules.backfill('d-3', range)).toEqual({ dryRun: false, times });
      await eventually(
        () => Promise.resolve(ran.length),
        (count) => count === 4,
      );
      expect(ran).toEqual([1, 2, 3, 4].map(() => target.input));
      const runs = await eventually(
        () => world.client.schedules.runsSince('2026-01-01T00:00:00Z'),
        (found) => found.filter(({ scheduleId }) => scheduleId === 'd-3').length === 4,
      );
      expect(runs.filter(({ scheduleId }) => scheduleId === 'd-3').map(({ dueAt }) => dueAt)).toEqual(
        expect.arrayContaining(times),
      );
    });
    const tooMany = await failureOf(
      world.client.schedules.backfill('d-3', { from: '2020-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }),
    );
    expect(tooMany.message).toContain('range: expected at most 1000 due times, got more than 1000');
    const reversed = await failureOf(
      world.client.schedules.backfill('d-3', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }),
    );
    expect(reversed.message).toContain('range.to');
  });

  it('of the sun run now when triggered', async () => {
    const ran: unknown[] = [];
    await world.client.schedules.add(
      own('d-sun', { timing: { solar: { event: 'sunset', latitude: 52.5, longitude: 13.4 } } }),
    );
    // The server begins half a day ahead; what is shown is the sunset.
    const shown = (await world.client.schedules.describe('d-sun')).next;
    const times = await world.client.schedules.next('d-sun', { count: shown.length });
    expect(shown.length).toBeGreaterThan(2);
    expect(shown).toEqual(times.map(({ at }) => at));
    await world.temporal.withWorkers(scriptedTarget(ran), async () => {
      await world.client.schedules.trigger('d-sun');
      expect(
        await eventually(
          () => Promise.resolve(ran.length),
          (count) => count === 1,
        ),
      ).toBe(1);
    });
  });

  it('are due in the named zone, and start on the queue of workflows', async () => {
    await world.client.schedules.add(own('d-zone', { timing: { cron: '0 8 * * *' }, timeZone: 'Asia/Tokyo' }));
    expect((await world.client.schedules.describe('d-zone')).next[0]?.slice(11, 16)).toBe('23:00');
    const { action } = await world.temporal.client.schedule.getHandle('d-zone').describe();
    expect(action).toMatchObject({ taskQueue: queues.workflows, workflowId: 'd-zone', workflowType: 'runTask' });
  });
});
