import { describe, expect, it } from 'vitest';
import type { Timing } from '../../../contracts/schedules/vocabulary.ts';
import { dueTimes, forecast, type ForecastOptions } from '../../../schedules/next.ts';
import { compileTiming, describeTiming } from '../../../schedules/timing.ts';
import { isTimeZone } from '../../../contracts/values/time-zone.ts';
import { instantsOf, localText } from '../../../schedules/zones.ts';

function next(timing: Timing, zone: string, after: string, options: Partial<ForecastOptions> = {}) {
  return forecast(compileTiming(timing, zone), { afterMs: Date.parse(after), count: 3, ...options });
}

describe('BEAT-22 the next runs in a time zone', () => {
  it('CFG-7 are in UTC unless a zone is given', () => {
    expect(compileTiming({ cron: '0 2 * * *' }).timeZone).toBe('UTC');
    expect(next({ cron: '0 2 * * *' }, 'UTC', '2026-11-21T10:00:00Z').map(({ at }) => at)).toEqual([
      '2026-11-22T02:00:00.000Z',
      '2026-11-23T02:00:00.000Z',
      '2026-11-24T02:00:00.000Z',
    ]);
  });

  it('leave out a time that does not exist in spring, and say so', () => {
    expect(next({ cron: '30 2 * * *' }, 'America/New_York', '2027-03-13T00:00:00Z', { count: 2 })).toEqual([
      { kind: 'run', at: '2027-03-13T07:30:00.000Z', local: '2027-03-13T02:30:00-05:00' },
      {
        kind: 'gap',
        at: '2027-03-14T07:00:00.000Z',
        local: '2027-03-14T02:30:00',
        note: 'no run: the clock jumps over this time',
      },
      {
        kind: 'run',
        at: '2027-03-15T06:30:00.000Z',
        local: '2027-03-15T02:30:00-04:00',
        note: 'first run after a change of clocks',
      },
    ]);
  });

  it('come twice in the hour that autumn repeats, and say so', () => {
    const runs = next({ cron: '30 1 * * *' }, 'America/New_York', '2026-11-01T00:00:00Z');
    expect(runs.map(({ local, note }) => [local, note])).toEqual([
      ['2026-11-01T01:30:00-04:00', 'the hour comes twice: first time'],
      ['2026-11-01T01:30:00-05:00', 'the hour comes twice: second time'],
      ['2026-11-02T01:30:00-05:00', undefined],
    ]);
  });

  it('say nothing about the gap when the schedule runs in every hour', () => {
    const runs = next({ cron: '30 * * * *' }, 'Europe/Berlin', '2027-03-28T00:00:00Z');
    expect(runs.map(({ local }) => local)).toEqual([
      '2027-03-28T01:30:00+01:00',
      '2027-03-28T03:30:00+02:00',
      '2027-03-28T04:30:00+02:00',
    ]);
  });

  it('can be shown in another zone than that of the schedule', () => {
    const [run] = next({ cron: '0 8 * * *' }, 'UTC', '2026-07-01T00:00:00Z', { showIn: 'Asia/Kolkata', count: 1 });
    expect(run).toEqual({ kind: 'run', at: '2026-07-01T08:00:00.000Z', local: '2026-07-01T13:30:00+05:30' });
  });

  it('meet leap days and stop when nothing comes', () => {
    expect(next({ cron: '0 0 29 2 *' }, 'UTC', '2026-01-01T00:00:00Z', { count: 2 }).map(({ at }) => at)).toEqual([
      '2028-02-29T00:00:00.000Z',
      '2032-02-29T00:00:00.000Z',
    ]);
    const leapSunday = { crontab: { minute: 0, hour: 0, day_of_month: 29, month_of_year: 2, day_of_week: 'sun' } };
    expect(next(leapSunday, 'UTC', '2026-01-01T00:00:00Z', { count: 1 })[0]?.at).toBe('2032-02-29T00:00:00.000Z');
  });

  it('run once where both days of an OR match', () => {
    const runs = next({ cron: '0 0 1 * FRI' }, 'UTC', '2027-09-30T00:00:00Z', { count: 3 });
    expect(runs.map(({ at }) => at.slice(0, 10))).toEqual(['2027-10-01', '2027-10-08', '2027-10-15']);
  });
});

describe('BEAT-7 intervals', () => {
  it('count from 1970, so that a restart never shifts them (P3-12)', () => {
    const timing = compileTiming({ every: { seconds: 300 } });
    expect(dueTimes(timing, Date.parse('2026-01-01T00:03:20Z'), Date.parse('2026-01-01T00:15:00Z'))).toEqual(
      ['00:05', '00:10', '00:15'].map((time) => Date.parse(`2026-01-01T${time}:00Z`)),
    );
  });

  it('can be shifted, by less than their length', () => {
    const timing = compileTiming({ every: { seconds: 3600, offsetSeconds: 900 } });
    expect(dueTimes(timing, 0, 2 * 3_600_000)).toEqual([900_000, 4_500_000]);
    expect(() => compileTiming({ every: { seconds: 60, offsetSeconds: 60 } })).toThrow(
      'timing.every.offsetSeconds: expected less than the 60 seconds, got 60',
    );
  });
});

describe('time zones', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'])('%s is one', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });
  it.each(['Mars/Olympus', '+02:00', '', 'Europe/Berlin; drop table'])('%j is none', (name) => {
    expect(isTimeZone(name)).toBe(false);
    expect(() => compileTiming({ cron: '0 0 * * *' }, name)).toThrow('timeZone: expected an IANA time zone');
  });
  it('give no, one or two instants for a time on the wall', () => {
    const wall = (text: string) =>
      instantsOf(Date.parse(`${text}Z`), 'Europe/Berlin').map((ms) => localText(ms, 'UTC'));
    expect(wall('2027-03-28T02:30:00')).toEqual([]);
    expect(wall('2027-06-01T12:00:00')).toEqual(['2027-06-01T10:00:00Z']);
    expect(wall('2026-10-25T02:30:00')).toEqual(['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']);
  });
});

it('timings in words', () => {
  expect(describeTiming({ cron: '0 2 * * *' })).toBe('0 2 * * *');
  expect(describeTiming({ every: { seconds: 7200 } })).toBe('every 2 h');
  expect(describeTiming({ every: { seconds: 90 } })).toBe('every 90 s');
  expect(describeTiming({ crontab: { minute: 0, hour: [8, 9] } })).toBe('crontab(minute=0, hour=[8,9])');
  expect(describeTiming({ solar: { event: 'sunset', latitude: 1, longitude: 2 } })).toBe('sunset at 1, 2');
});

describe('the forecast says what the server does with changes of clocks', () => {
  const around = (cron: string, zone: string, from: string, to: string) =>
    next({ cron }, zone, from, { count: 99, untilMs: Date.parse(to) }).map(({ kind, local, note }) => [
      ...[kind, local],
      ...(note === undefined ? [] : [note]),
    ]);

  it('east of UTC a repeated time comes once, and the hour before it twice', () => {
    expect(around('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toEqual([
      ['run', '2026-10-25T02:30:00+01:00', 'the hour comes twice: second time'],
    ]);
    expect(around('30 1 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toEqual([
      ['run', '2026-10-25T01:30:00+02:00'],
      ['run', '2026-10-25T02:30:00+02:00', 'no time of the schedule: the server adds it where the clock changes'],
    ]);
  });

  it('at Lord Howe a missing time comes half an hour later', () => {
    expect(around('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00:00Z', '2026-10-04T00:00:00Z')).toEqual([
      ['gap', '2026-10-04T02:15:00', 'no run: the clock jumps over this time'],
      ['run', '2026-10-04T02:45:00+11:00', 'no time of the schedule: the server adds it where the clock changes'],
    ]);
  });

  it('once a day is once a day, in the gap at the next time that exists', () => {
    const once = (zone: string, after: string) =>
      forecast(compileTiming({ cron: '30 2 * * *' }, zone, true), { afterMs: Date.parse(after), count: 2 }).map(
        ({ local, note }) => [local, note],
      );
    expect(once('Europe/Berlin', '2027-03-27T12:00:00Z')).toEqual([
      ['2027-03-28T03:00:00+02:00', 'the clock jumps over the time of the schedule: run at the next time that exists'],
      ['2027-03-29T02:30:00+02:00', undefined],
    ]);
    expect(once('Europe/Berlin', '2026-10-24T12:00:00Z').map(([local]) => local)).toEqual([
      '2026-10-25T02:30:00+02:00',
      '2026-10-26T02:30:00+01:00',
    ]);
  });

  it.each([
    { timing: { cron: '0 8,20 * * *' } },
    { timing: { every: { seconds: 86_400 } } },
    { timing: { solar: { event: 'sunrise', latitude: 1, longitude: 2 } } },
  ] as const)('once a day needs one time of day, $timing has none', ({ timing }) => {
    expect(() => compileTiming(timing, 'Europe/Berlin', true)).toThrow(
      'onceADay: expected a cron line or crontab with one hour and one minute, got',
    );
  });
});

describe('zones that only Node knows', () => {
  it.each([
    ['IST', 'Asia/Calcutta'],
    ['europe/berlin', 'Europe/Berlin'],
    ['utc', 'UTC'],
    ['PST', 'America/Los_Angeles'],
  ])('%s is refused, with the name that was meant', (name, meant) => {
    expect(isTimeZone(name)).toBe(false);
    expect(() => compileTiming({ cron: '0 0 * * *' }, name)).toThrow(
      `timeZone: expected an IANA time zone such as Europe/Berlin (perhaps ${meant}), got "${name}"`,
    );
  });

  it('all that Node lists are known', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((name) => !isTimeZone(name))).toEqual([]);
  });
});
