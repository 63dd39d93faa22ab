/** The table of docs/schedules.md about changes of clocks; test/integration/schedules/clock-changes.test.ts asks the server. */
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../contracts/values/units.ts';
import { dueTimes } from '../../../schedules/next.ts';
import { compileTiming } from '../../../schedules/timing.ts';
import { localText } from '../../../schedules/zones.ts';

/** Runs of a time of day on one day of the wall clock. */
function runsOn(day: string, time: string, zone: string): readonly string[] {
  const [hour = '', minute = ''] = time.split(':');
  const noon = Date.parse(`${day}T12:00:00Z`);
  return dueTimes(compileTiming({ cron: `${minute} ${hour} * * *` }, zone), noon - 2 * DAY_MS, noon + 2 * DAY_MS)
    .map((ms) => localText(ms, zone))
    .filter((text) => text.startsWith(day))
    .map((text) => text.slice(11));
}

describe('CFG-7 what the server does on a day with a change of clocks', () => {
  it.each([
    ['Europe/Berlin', '2027-03-28', '02:30'],
    ['Europe/London', '2027-03-28', '01:30'],
    ['America/New_York', '2027-03-14', '02:30'],
    ['Antarctica/Troll', '2027-03-28', '01:30'],
    ['Antarctica/Troll', '2027-03-28', '02:30'],
    ['Asia/Beirut', '2027-03-28', '00:30'],
  ])('%s: no run for a time that is skipped by an hour or more, on %s at %s', (zone, day, time) => {
    expect(runsOn(day, time, zone)).toEqual([]);
  });

  it('a run half an hour later for a time that is skipped by half an hour', () => {
    expect(runsOn('2027-10-03', '02:15', 'Australia/Lord_Howe')).toEqual(['02:45:00+11:00']);
  });

  it.each([
    ['America/New_York', '2027-11-07', '01:30', ['01:30:00-04:00', '01:30:00-05:00']],
    ['America/Havana', '2027-11-07', '00:30', ['00:30:00-04:00', '00:30:00-05:00']],
    ['Atlantic/Azores', '2027-10-31', '00:30', ['00:30:00Z', '00:30:00-01:00']],
  ])('%s, west of UTC: two runs for a time that comes twice, on %s at %s', (zone, day, time, runs) => {
    expect(runsOn(day, time, zone)).toEqual(runs);
  });

  it.each([
    ['Europe/Berlin', '2027-10-31', '02:30', ['02:30:00+01:00']],
    ['Europe/London', '2027-10-31', '01:30', ['01:30:00Z']],
    ['Australia/Lord_Howe', '2027-04-04', '01:45', ['01:45:00+10:30']],
    ['Antarctica/Troll', '2027-10-31', '01:30', ['01:30:00Z']],
    ['Antarctica/Troll', '2027-10-31', '02:30', ['02:30:00Z']],
  ])('%s, not west of UTC: one run, the second time, on %s at %s', (zone, day, time, runs) => {
    expect(runsOn(day, time, zone)).toEqual(runs);
  });

  it.each([
    ['Europe/Berlin', '2027-10-31', '01:30', ['01:30:00+02:00', '02:30:00+02:00']],
    ['Europe/London', '2027-10-31', '00:30', ['00:30:00+01:00', '01:30:00+01:00']],
    ['Antarctica/Troll', '2027-10-31', '00:30', ['00:30:00+02:00', '01:30:00+02:00']],
    ['Australia/Lord_Howe', '2027-04-04', '01:15', ['01:15:00+11:00', '01:45:00+10:30']],
    ['Australia/Lord_Howe', '2027-04-04', '00:45', ['00:45:00+11:00']],
  ])('%s, not west of UTC: the hour before the repeated time, on %s at %s', (zone, day, time, runs) => {
    expect(runsOn(day, time, zone)).toEqual(runs);
  });

  it.each(['America/Santiago', 'America/Havana'])(
    '%s: a Sunday whose midnight is skipped counts as the Saturday',
    (zone) => {
      const day = zone === 'America/Santiago' ? '2027-09-05' : '2027-03-14';
      const due = (weekday: string): readonly string[] =>
        dueTimes(
          compileTiming({ cron: `0 12 * * ${weekday}` }, zone),
          Date.parse(`${day}T00:00:00Z`),
          Date.parse(`${day}T23:00:00Z`),
        ).map((ms) => localText(ms, zone).slice(0, 10));
      expect([due('SUN'), due('SAT')]).toEqual([[], [day]]);
    },
  );
});
