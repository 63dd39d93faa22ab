/** Start, end, single times and one-off schedules, on a real server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewSchedule } from '../../../contracts/schedules/vocabulary.ts';
import { adding, eventually, failureOf, type ScheduleWorld, type Seen, soon, startScheduleWorld } from './world.ts';

let world: ScheduleWorld;
beforeAll(async () => {
  world = await startScheduleWorld();
});
afterAll(() => world.stop());

describe('the times of a schedule', () => {
  it('lie between its start and its end, on the server as in the forecast', async () => {
    const { schedules } = world.client;
    const range = { start: '2030-01-01T00:00:00.500Z', end: '2030-01-03T08:00:00Z' };
    await schedules.add({
      id: 'o-range',
      timing: { cron: '0 8 * * *' },
      ...range,
      target: { task: 'housekeeping.cleanupTempFiles' },
    });
    const days = ['2030-01-01', '2030-01-02', '2030-01-03'].map((day) => `${day}T08:00:00.000Z`);
    expect((await schedules.describe('o-range')).next).toEqual(days);
    expect((await schedules.next('o-range')).map(({ at }) => at)).toEqual(days);
    expect(schedules.preview({ cron: '0 8 * * *' }, 'UTC', range).map(({ at }) => at)).toEqual(days);
    // The server would take the second in which the start lies.
    await schedules.update('o-range', { start: '2030-01-01T08:00:00.500Z', end: '2030-01-03T08:00:00.500Z' });
    expect((await schedules.describe('o-range')).next).toEqual(days.slice(1));
    expect((await schedules.next('o-range')).map(({ at }) => at)).toEqual(days.slice(1));
    const zone = (): unknown => schedules.preview({ cron: '0 8 * * *' }, 'UTC', { showIn: 'Mars/Base' });
    expect(zone).toThrow('showIn: expected an IANA time zone');
    await schedules.update('o-range', { end: '2030-01-02', start: null });
    expect((await schedules.describe('o-range')).definition).not.toHaveProperty('start');
    expect((await schedules.next('o-range', { after: '2029-12-31' })).map(({ at }) => at)).toEqual(
      [days[0]].flatMap((at) => ['2029-12-31T08:00:00.000Z', at]),
    );
    expect((await failureOf(schedules.update('o-range', { end: '2020-01-01' }))).message).toContain(
      'schedule.timing: expected a time after',
    );
    expect((await failureOf(schedules.update('o-range', { start: '2031-01-01' }))).message).toContain(
      'end: expected a time not before the start, 2031-01-01',
    );
  });

  it('of the sun lie between start and end by the event, not by the start of its day', async () => {
    const { schedules } = world.client;
    const solar = { event: 'sunset', latitude: 52.5, longitude: 13.4 } as const;
    const [first, second, third] = schedules.preview({ solar }, 'UTC', { after: '2030-06-01', count: 3 });
    const at = (ms: number, from = ''): string => new Date(Date.parse(from) + ms).toISOString();
    const range = { start: at(1_000, first?.at), end: at(-1_000, third?.at) };
    const target = { task: 'housekeeping.cleanupTempFiles' };
    await schedules.add({ id: 'o-sun', timing: { solar }, ...range, target });
    expect((await schedules.next('o-sun')).filter(({ kind }) => kind === 'run').map((run) => run.at)).toEqual([
      second?.at,
    ]);
    expect((await schedules.describe('o-sun')).next).toEqual([second?.at]);
  });

  it('are one, which is run once: a clocked schedule', async () => {
    const { schedules } = world.client;
    const at = soon(2_000);
    const clocked: NewSchedule = { id: 'o-at', timing: { at }, target: { task: 'samples.add', args: [1, 2] } };
    const due = new Date(Math.ceil(Date.parse(at) / 1000) * 1000).toISOString();
    expect(await schedules.add(clocked)).toEqual({ created: true });
    expect((await schedules.describe('o-at')).next).toEqual([due]);
    expect(await schedules.next('o-at')).toMatchObject([{ kind: 'run', at: due }]);
    const seen: Seen[] = [];
    await world.temporal.withWorkers(adding(seen), async () => {
      const run = await world.firstRun('o-at');
      expect(run).toBe(`o-at-${due.replace('.000', '')}`);
      expect(await world.client.tasks.get(run).result()).toBe(3);
    });
    expect((await schedules.describe('o-at')).next).toEqual([]);
    // The same again is no error, also when its time has passed; a new one in the past is.
    expect(await schedules.add(clocked)).toEqual({ created: false });
    const late = await failureOf(schedules.add({ ...clocked, id: 'o-late' }));
    expect(late).toMatchObject({ type: 'InvalidInput' });
    expect(late.message).toContain(`got at ${at}`);
    const zoned = { ...clocked, id: 'o-zoned', timing: { at: '2030-01-01T08:00' }, timeZone: 'Europe/Berlin' };
    expect((await failureOf(schedules.add(zoned))).message).toContain('timing.at: expected a time with its offset');
  });

  it('end with the first run of a one-off schedule, which starts again when its times change', async () => {
    const { schedules } = world.client;
    const target = { task: 'samples.add', args: [1, 2] };
    const oneOff: NewSchedule = { id: 'o-once', timing: { every: { seconds: 1 } }, oneOff: true, target };
    await schedules.add({ ...oneOff, paused: true });
    expect(await schedules.describe('o-once')).toMatchObject({ remaining: 1, paused: true });
    expect(await schedules.next('o-once')).toHaveLength(1);
    expect(schedules.preview(oneOff.timing, 'UTC', { oneOff: true, count: 3 })).toHaveLength(1);
    const seen: Seen[] = [];
    await world.temporal.withWorkers(adding(seen), async () => {
      await schedules.unpause('o-once', 'now');
      await world.firstRun('o-once');
      await sleep(2_500);
      expect(await schedules.describe('o-once')).toMatchObject({ remaining: 0, next: [], counts: { started: 1 } });
      expect(await schedules.next('o-once')).toEqual([]);
      expect(await schedules.add(oneOff)).toEqual({ created: false });
      await schedules.update('o-once', { purpose: 'other words' });
      expect((await schedules.describe('o-once')).remaining).toBe(0);
      await schedules.update('o-once', { timing: { every: { seconds: 2 } } });
      await eventually(
        () => schedules.describe('o-once'),
        (view) => view.counts.started === 2,
      );
      await sleep(2_500);
      expect(await schedules.describe('o-once')).toMatchObject({ remaining: 0, counts: { started: 2 } });
    });
    expect(seen).toHaveLength(2);
    await schedules.update('o-once', { oneOff: false });
    expect(await schedules.describe('o-once')).toMatchObject({ remaining: null });
    await schedules.remove('o-once');
    const sun = { solar: { event: 'sunset', latitude: 1, longitude: 1 } } as const;
    expect((await failureOf(schedules.add({ ...oneOff, timing: sun }))).message).toContain(
      'oneOff: expected a timing without the sun',
    );
  });
});
