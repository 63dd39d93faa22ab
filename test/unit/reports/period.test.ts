import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, bucketsOf, dayOf, localTime, periodCalendar, startOfDay } from '../../../services/reports/period.ts';
import { HOUR_MS } from '../../../contracts/values/units.ts';

const hoursOf = (day: string, zone: string): number =>
  (startOfDay(addDays(day, 1), zone) - startOfDay(day, zone)) / HOUR_MS;

describe('P3-48 a day is [00:00, next 00:00) in its time zone', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
    ['Europe/Berlin', '2026-07-01', '2026-06-30T22:00:00.000Z', 24],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z', 23],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
    ['Asia/Kathmandu', '2026-01-01', '2025-12-31T18:15:00.000Z', 24],
    ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00.000Z', 23.5],
    ['Pacific/Kiritimati', '2026-01-01', '2025-12-31T10:00:00.000Z', 24],
    // clocks went from 00:00 to 01:00: the day begins at 01:00
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z', 23],
    // clocks went from 01:00 to 00:00: midnight came twice, the day begins with the first
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
    ['UTC', '2026-12-31', '2026-12-31T00:00:00.000Z', 24],
  ])('%s %s starts at %s and has %d hours', (zone, day, start, hours) => {
    expect(new Date(startOfDay(day, zone)).toISOString()).toBe(start);
    expect(hoursOf(day, zone)).toBe(hours);
  });

  it('a day that a zone skipped has no hours', () => {
    expect(hoursOf('2011-12-30', 'Pacific/Apia')).toBe(0);
  });

  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kathmandu',
    'America/Sao_Paulo',
    'Australia/Lord_Howe',
    'UTC',
  ];
  const days = fc.date({ min: new Date('2001-01-01'), max: new Date('2037-12-31'), noInvalidDate: true });

  it('every instant lies in exactly the day that its local clock shows', () => {
    fc.assert(
      fc.property(days, fc.constantFrom(...zones), (date, zone) => {
        const at = date.getTime();
        const day = dayOf(at, zone);
        expect(startOfDay(day, zone)).toBeLessThanOrEqual(at);
        expect(startOfDay(addDays(day, 1), zone)).toBeGreaterThan(at);
      }),
    );
  });

  it('the end of a period is the start of the next: nothing is counted twice or left out', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 60 }), fc.constantFrom(...zones), (date, length, zone) => {
        const start = date.toISOString().slice(0, 10);
        const end = addDays(start, length);
        const next = addDays(end, 1);
        expect(periodCalendar.range(start, end, zone).until).toBe(periodCalendar.range(next, next, zone).from);
      }),
    );
  });
});

describe('the calendar', () => {
  it.each([
    ['daily', '2026-03-01T07:00:00Z', 'Europe/Berlin', '2026-02-28', '2026-02-28'],
    // half past midnight in Kathmandu is still the day before in UTC
    ['daily', '2026-03-01T18:45:00Z', 'Asia/Kathmandu', '2026-03-01', '2026-03-01'],
    ['daily', '2026-03-01T18:45:00Z', 'UTC', '2026-02-28', '2026-02-28'],
    ['weekly', '2026-11-02T08:00:00Z', 'Europe/Berlin', '2026-10-26', '2026-11-01'],
    ['weekly', '2026-11-01T22:59:59Z', 'Europe/Berlin', '2026-10-19', '2026-10-25'],
    ['weekly', '2027-01-04T09:00:00Z', 'UTC', '2026-12-28', '2027-01-03'],
    ['monthly', '2026-01-01T00:00:00Z', 'UTC', '2025-12-01', '2025-12-31'],
    ['monthly', '2026-03-01T00:30:00Z', 'America/New_York', '2026-01-01', '2026-01-31'],
    ['monthly', '2028-03-01T08:00:00Z', 'Europe/Berlin', '2028-02-01', '2028-02-29'],
  ] as const)('P3-14 P3-39 the %s report due at %s in %s is about %s to %s', (kind, at, zone, start, end) => {
    expect(periodCalendar.previous(kind, at, zone)).toMatchObject({ start, end, timeZone: zone });
  });

  it('finds the week and the month of a day', () => {
    expect(periodCalendar.around('weekly', '2026-11-01', 'UTC')).toMatchObject({ start: '2026-10-26' });
    expect(periodCalendar.around('monthly', '2024-02-10', 'UTC')).toMatchObject({ end: '2024-02-29' });
    expect(periodCalendar.around('daily', '2024-02-10', 'UTC')).toMatchObject({
      start: '2024-02-10',
      end: '2024-02-10',
    });
  });

  it('refuses a reversed and an endless range, naming field, expected and got', () => {
    expect(() => periodCalendar.range('2026-02-01', '2026-01-31', 'UTC')).toThrow(
      "end: expected a day on or after start '2026-02-01', got '2026-01-31'",
    );
    expect(() => periodCalendar.range('2000-01-01', '2026-01-31', 'UTC')).toThrow(
      'end: expected at most 3660 days from start to end, got 9528',
    );
  });
});

describe('the parts of a period', () => {
  const labels = (start: string, end: string, zone: string): string[] =>
    bucketsOf(periodCalendar.range(start, end, zone)).parts.map(({ label }) => label);

  it('are hours for a day: 23, 24 or 25 of them, the repeated one told apart', () => {
    expect(labels('2026-03-29', '2026-03-29', 'Europe/Berlin')).toHaveLength(23);
    expect(labels('2026-03-29', '2026-03-29', 'Europe/Berlin').slice(0, 4)).toEqual([
      '00:00',
      '01:00',
      '03:00',
      '04:00',
    ]);
    expect(labels('2026-10-25', '2026-10-25', 'Europe/Berlin').slice(1, 5)).toEqual([
      '01:00',
      '02:00',
      '02:00 (2)',
      '03:00',
    ]);
  });

  it('are days up to a quarter and months beyond', () => {
    const month = bucketsOf(periodCalendar.range('2026-10-01', '2026-10-31', 'Europe/Berlin'));
    expect(month.unit).toBe('day');
    expect(month.parts).toHaveLength(31);
    expect(month.parts[25]).toEqual({ from: '2026-10-25T23:00:00.000Z', label: '2026-10-26' });
    const year = bucketsOf(periodCalendar.range('2025-11-15', '2026-11-14', 'UTC'));
    expect(year.unit).toBe('month');
    expect(year.parts.map(({ label }) => label)).toEqual([
      ...['2025-11', '2025-12', '2026-01', '2026-02', '2026-03', '2026-04', '2026-05'],
      ...['2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11'],
    ]);
    expect(year.parts[0]?.from).toBe('2025-11-15T00:00:00.000Z');
    expect(year.parts[1]?.from).toBe('2025-12-01T00:00:00.000Z');
  });

  it('never share a label', () => {
    for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe', 'America/Havana'])
      for (const [start, end] of [
        ['2026-11-01', '2026-11-01'],
        ['2026-10-24', '2026-10-25'],
        ['2026-04-05', '2026-04-05'],
      ] as const) {
        const all = labels(start, end, zone);
        expect(new Set(all).size).toBe(all.length);
      }
  });

  it('local time is what the clock of the zone shows', () => {
    expect(localTime(Date.parse('2026-10-25T01:30:00Z'), 'Europe/Berlin')).toBe('2026-10-25 02:30');
  });
});
