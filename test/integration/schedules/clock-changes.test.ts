import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../contracts/values/units.ts';
import { dueTimes } from '../../../schedules/next.ts';
import { compileTiming } from '../../../schedules/timing.ts';
import { localText, offsetOf } from '../../../schedules/zones.ts';
import { own, type ScheduleWorld, startScheduleWorld } from './world.ts';

/** West and east of UTC, half an hour, two hours, none, at midnight, against the year. */
const ZONES = [
  ...['America/New_York', 'Europe/Berlin', 'Asia/Tehran', 'Australia/Lord_Howe', 'Antarctica/Troll', 'Pacific/Apia'],
  ...['Asia/Beirut', 'Africa/Casablanca', 'America/Santiago', 'Europe/London', 'America/Havana', 'Atlantic/Azores'],
];

const LINES = [
  '30 1 * * *',
  '30 2 * * *',
  '15 2 * * *',
  '45 0 * * *',
  '0 0 * * *',
  '0 12 * * SUN',
  '*/20 1,2 * * *',
  '15 2 * * SUN',
  '0 12 15 * SUN',
];

const LONGEST_MS = 60_000;

let world: ScheduleWorld;
beforeAll(async () => {
  world = await startScheduleWorld();
});
afterAll(() => world.stop());

/** Days around each change of clocks of two years; a day of no change where there is none. */
function changes(zone: string): readonly number[] {
  const found: number[] = [];
  for (let at = Date.UTC(2027, 0, 1); at < Date.UTC(2029, 0, 1); at += HOUR_MS)
    if (offsetOf(at, zone) !== offsetOf(at + HOUR_MS, zone)) found.push(at);
  return found.length === 0 ? [Date.UTC(2027, 5, 1)] : found;
}

async function serverTimes(scheduleId: string, fromMs: number, toMs: number): Promise<readonly number[]> {
  const { client, endpoint } = world.temporal;
  const request = {
    namespace: endpoint.namespace,
    scheduleId,
    startTime: { seconds: fromMs / SECOND_MS },
    endTime: { seconds: toMs / SECOND_MS },
  } as never; // the generated types want Long where numbers are taken
  // A busy server answers late: there are some thousand questions.
  const { startTime } = await client.connection.withDeadline(Date.now() + LONGEST_MS, () =>
    client.workflowService.listScheduleMatchingTimes(request),
  );
  return startTime.map(({ seconds }) => Number(seconds) * SECOND_MS);
}

const texts = (times: readonly number[], zone: string): readonly string[] => times.map((at) => localText(at, zone));

describe('CFG-7 the forecast around changes of clocks', () => {
  it.each(ZONES)('is what the server does in %s', async (zone) => {
    for (const [index, cron] of LINES.entries()) {
      const id = `${zone.replace('/', '-')}-${index}`;
      await world.client.schedules.add(own(id, { timing: { cron }, timeZone: zone }));
      for (const change of changes(zone)) {
        const [from, to] = [change - 2 * DAY_MS, change + 2 * DAY_MS];
        const forecast = texts(dueTimes(compileTiming({ cron }, zone), from, to), zone);
        expect([cron, ...forecast]).toEqual([cron, ...texts(await serverTimes(id, from, to), zone)]);
      }
    }
  });

  it.each(ZONES)('is once a day for a schedule of once a day in %s', async (zone) => {
    for (const [index, cron] of ['30 1 * * *', '15 2 * * *', '0 0 * * SUN', '50 23 * * *'].entries()) {
      const id = `once-${zone.replace('/', '-')}-${index}`;
      const schedule = own(id, { timing: { cron }, timeZone: zone, onceADay: true });
      expect(await world.client.schedules.add(schedule)).toEqual({ created: true });
      expect(await world.client.schedules.add(schedule)).toEqual({ created: false });
      for (const change of changes(zone)) {
        const [from, to] = [change - 9 * DAY_MS, change + 9 * DAY_MS];
        const due = dueTimes(compileTiming({ cron }, zone, true), from, to);
        expect([cron, ...texts(await serverTimes(id, from, to), zone)]).toEqual([cron, ...texts(due, zone)]);
        const step = cron.endsWith('SUN') ? 7 * DAY_MS : DAY_MS;
        const days = texts(due, zone).map((text) => text.slice(0, 10));
        expect(days).toEqual([...new Set(days)]);
        const missing = days.filter((day, at) => at > 0 && Date.parse(day) - Date.parse(days[at - 1] ?? '') !== step);
        expect([cron, ...missing]).toEqual([cron]);
      }
    }
  });
});

it('CFG-7 a schedule of once a day keeps its clock through changes, and shows when somebody took it away', async () => {
  const id = 'once-kept';
  const zone = 'America/New_York';
  await world.client.schedules.add(own(id, { timing: { cron: '30 1 * * *' }, timeZone: zone, onceADay: true }));
  await world.client.schedules.update(id, { timing: { cron: '45 1 * * *' } });
  const [from, to] = [Date.parse('2027-11-07T00:00:00Z'), Date.parse('2027-11-08T00:00:00Z')];
  expect(texts(await serverTimes(id, from, to), zone)).toEqual(['2027-11-07T01:45:00-04:00']);
  await world.client.schedules.update(id, { onceADay: false });
  expect(await serverTimes(id, from, to)).toHaveLength(2);
});
