import { CronExpressionParser } from 'cron-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Crontab } from '../../../contracts/schedules/vocabulary.ts';
import { ALL, toRanges } from '../../../schedules/calendar.ts';
import { celeryCalendar, cronCalendars } from '../../../schedules/crontab.ts';
import { InvalidTiming } from '../../../schedules/invalid-timing.ts';
import { dueTimes, forecast } from '../../../schedules/next.ts';
import { compileTiming } from '../../../schedules/timing.ts';
import { DAY_MS } from '../../../contracts/values/units.ts';

describe('BEAT-22 a line of cron', () => {
  it.each([
    ['0 2 * * *', { minutes: [0], hours: [2] }],
    ['*/20 * * * *', { minutes: [0, 20, 40] }],
    ['5/20 * * * *', { minutes: [5, 25, 45] }],
    ['10-30/10,55 8-10 * * *', { minutes: [10, 20, 30, 55], hours: [8, 9, 10] }],
    ['0 0 * JAN,jul *', { minutes: [0], hours: [0], months: [1, 7] }],
    ['0 3 * * SUN', { minutes: [0], hours: [3], daysOfWeek: [0] }],
    ['0 3 * * 7', { minutes: [0], hours: [3], daysOfWeek: [0] }],
    ['0 3 * * 0,7', { minutes: [0], hours: [3], daysOfWeek: [0] }],
    ['0 3 * * 5-7', { minutes: [0], hours: [3], daysOfWeek: [0, 5, 6] }],
    ['0 3 * * fri-sun', { minutes: [0], hours: [3], daysOfWeek: [0, 5, 6] }],
    ['0 3 * * monday-friday', { minutes: [0], hours: [3], daysOfWeek: [1, 2, 3, 4, 5] }],
    ['@hourly', { minutes: [0] }],
    ['@weekly', { minutes: [0], hours: [0], daysOfWeek: [0] }],
    ['@monthly', { minutes: [0], hours: [0], daysOfMonth: [1] }],
  ])('%s is one calendar', (line, fields) => {
    expect(cronCalendars(line)).toEqual([{ ...ALL, ...fields }]);
  });

  it('joins day of month and day of week by OR: two calendars, since one of the server means AND', () => {
    expect(cronCalendars('30 4 1,15 * FRI')).toEqual([
      { ...ALL, minutes: [30], hours: [4], daysOfMonth: [1, 15] },
      { ...ALL, minutes: [30], hours: [4], daysOfWeek: [5] },
    ]);
  });

  it('joins them by AND where one starts with a star, as Vixie cron does', () => {
    expect(cronCalendars('0 0 */2 * MON')).toHaveLength(1);
    expect(cronCalendars('0 0 13 * */2')).toHaveLength(1);
  });

  it.each(['0 9 * * 5#2', '30 6 * * 1#5', '0 0 ? * MON', '0 0 1 * ?', '15 4 13 * 5#2'])(
    '%s is what a well-kept parser of cron says',
    (line) => {
      const after = Date.UTC(2026, 0, 1);
      const theirs = CronExpressionParser.parse(line, { currentDate: new Date(after), tz: 'UTC' });
      const days = Array.from({ length: 20 }, () => theirs.next().toDate().toISOString());
      const ours = forecast(compileTiming({ cron: line }), { afterMs: after, count: 20 });
      expect(ours.map(({ at }) => at)).toEqual(days);
    },
  );

  it('n-th days of the week have a calendar each, beside that of the plain days', () => {
    expect(cronCalendars('0 0 * * fri#2,tue,mon#5')).toEqual([
      { ...ALL, minutes: [0], hours: [0], daysOfWeek: [2] },
      { ...ALL, minutes: [0], hours: [0], daysOfMonth: [8, 9, 10, 11, 12, 13, 14], daysOfWeek: [5] },
      { ...ALL, minutes: [0], hours: [0], daysOfMonth: [29, 30, 31], daysOfWeek: [1] },
    ]);
  });

  it.each([
    ['', 'five fields'],
    ['* * * *', 'five fields'],
    ['0 0 0 1 1 *', 'five fields'],
    ['60 * * * *', 'minute from 0 to 59'],
    ['0 24 * * *', 'hour from 0 to 23'],
    ['0 0 0 * *', 'day of month from 1 to 31'],
    ['0 0 * 13 *', 'month from 1 to 12 or jan…dec'],
    ['0 0 * * 8', 'day of week from 0 to 7 or sun…sat'],
    ['0 0 * * monkey', 'day of week from 0 to 7'],
    ['*/0 * * * *', 'a step of at least 1'],
    ['0 22-2 * * *', 'a range of hour that goes upwards'],
    ['1,,2 * * * *', 'minute as *'],
    ['-5 * * * *', 'minute as *'],
    ['0 0 L * *', 'the server knows no last day. Use 28'],
    ['0 0 L-3 * *', 'the server knows no last day. Use 28'],
    ['0 0 1,L * *', 'the server knows no last day. Use 28'],
    ['0 0 LW * *', 'the server knows no nearest weekday'],
    ['0 0 15W * *', 'the server knows no nearest weekday'],
    ['0 0 * * 5L', 'the server knows no last weekday. Use fri#4'],
    ['0 0 * * friL', 'the server knows no last weekday. Use fri#4'],
    ['0 0 * * L', 'the server knows no last weekday. Use fri#4'],
    ['0 0 * * 5#6', 'its number from 1 to 5, as in fri#2'],
    ['0 0 * * #2', 'its number from 1 to 5, as in fri#2'],
    ['0 0 * * 8#2', 'day of week from 0 to 7'],
    ['0 0 1#2 * *', 'day of month as *'],
    ['? 0 * * *', 'minute as *'],
    ['0 0 30 2 *', 'a date that ever comes'],
    ['0 0 31 4,6,9,11 *', 'a date that ever comes'],
    ['@reboot', '@daily'],
    ['CRON_TZ=Europe/Berlin 0 2 * * *', 'the time zone in timeZone'],
  ])('%s is refused: expected %s', (line, expected) => {
    expect(() => cronCalendars(line)).toThrow(InvalidTiming);
    expect(() => cronCalendars(line)).toThrow(`timing.cron: expected`);
    expect(() => cronCalendars(line)).toThrow(expected);
  });

  it('means what a well-kept parser of cron says, whatever the line', () => {
    const values = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min, max }).map(String),
        fc
          .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
        fc.uniqueArray(fc.integer({ min, max }), { minLength: 2, maxLength: 4 }).map((list) => list.join()),
      );
    const line = fc.tuple(values(0, 59), values(0, 23), values(1, 28), values(1, 12), values(0, 6));
    const start = Date.UTC(2026, 0, 1);
    fc.assert(
      fc.property(line, fc.integer({ min: 0, max: 400 }), (fields, day) => {
        const after = start + day * DAY_MS;
        const ours = forecast(compileTiming({ cron: fields.join(' ') }), { afterMs: after, count: 5 });
        const theirs = CronExpressionParser.parse(fields.join(' '), { currentDate: new Date(after), tz: 'UTC' });
        expect(ours.map(({ at }) => at)).toEqual(Array.from({ length: 5 }, () => theirs.next().toDate().toISOString()));
      }),
      { numRuns: 300 },
    );
  });
});

describe("BEAT-22 Celery's crontab", () => {
  const cases: readonly (readonly [Crontab, object])[] = [
    [{}, {}],
    [
      { minute: 0, hour: 2 },
      { minutes: [0], hours: [2] },
    ],
    [{ minute: 0 }, { minutes: [0] }],
    [{ minute: '*/15' }, { minutes: [0, 15, 30, 45] }],
    [
      { minute: 0, hour: '*/3,8-17' },
      { minutes: [0], hours: [0, 3, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21] },
    ],
    [
      { minute: [0, 30], hour: [8, '20-22'] },
      { minutes: [0, 30], hours: [8, 20, 21, 22] },
    ],
    [
      { minute: 0, hour: '22-2' },
      { minutes: [0], hours: [0, 1, 2, 22, 23] },
    ],
    [
      { minute: 0, hour: '22-4/3' },
      { minutes: [0], hours: [1, 4, 22] },
    ],
    [{ day_of_week: 'sun' }, { daysOfWeek: [0] }],
    [{ day_of_week: 'thu,fri' }, { daysOfWeek: [4, 5] }],
    [{ day_of_week: 'Monday-Friday' }, { daysOfWeek: [1, 2, 3, 4, 5] }],
    [{ day_of_week: 'sat-mon' }, { daysOfWeek: [0, 1, 6] }],
    [{ day_of_week: 7 }, { daysOfWeek: [0] }],
    [{ day_of_month: '*/2' }, { daysOfMonth: [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31] }],
    [{ day_of_month: '1-7,15-21' }, { daysOfMonth: [1, 2, 3, 4, 5, 6, 7, 15, 16, 17, 18, 19, 20, 21] }],
    [{ month_of_year: '*/3' }, { months: [1, 4, 7, 10] }],
    [{ month_of_year: 'nov-feb' }, { months: [1, 2, 11, 12] }],
  ];

  it.each(cases)('%j', (crontab, fields) => {
    expect(celeryCalendar(crontab)).toEqual({ ...ALL, ...fields });
  });

  it('joins day of month and day of week by AND: the first Monday of the month', () => {
    const timing = compileTiming({ crontab: { minute: 0, hour: 9, day_of_month: '1-7', day_of_week: 'mon' } });
    const days = dueTimes(timing, Date.UTC(2026, 0, 1), Date.UTC(2026, 3, 30)).map((ms) => new Date(ms).toISOString());
    expect(days.map((day) => day.slice(0, 10))).toEqual(['2026-01-05', '2026-02-02', '2026-03-02', '2026-04-06']);
  });

  const wrong: readonly (readonly [Crontab, string])[] = [
    [{ minute: 60 }, 'timing.crontab.minute: expected minute from 0 to 59, got "60"'],
    [{ hour: '25' }, 'timing.crontab.hour'],
    [{ day_of_week: 'someday' }, 'timing.crontab.day_of_week'],
    [{ month_of_year: 0 }, 'timing.crontab.month_of_year'],
    [{ minute: '5/15' }, 'a range before the step of minute, as in 5-59/15'],
    [{ minute: '' }, 'timing.crontab.minute'],
    [{ minute: -1 }, 'timing.crontab.minute'],
    [{ day_of_month: 31, month_of_year: 2 }, 'a date that ever comes'],
  ];
  it.each(wrong)('%j is refused', (crontab, message) => {
    expect(() => celeryCalendar(crontab)).toThrow(message);
  });
});

describe('ranges for the server', () => {
  it.each([
    [[0], [{ start: 0, end: 0, step: 1 }]],
    [[0, 15, 30, 45], [{ start: 0, end: 45, step: 15 }]],
    [
      [1, 2, 3, 7],
      [
        { start: 1, end: 3, step: 1 },
        { start: 7, end: 7, step: 1 },
      ],
    ],
    [
      [0, 30],
      [
        { start: 0, end: 0, step: 1 },
        { start: 30, end: 30, step: 1 },
      ],
    ],
  ])('%j', (values, ranges) => {
    expect(toRanges(values)).toEqual(ranges);
  });

  it('hold exactly the values that went in', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1 }), (list) => {
        const values = [...list].sort((a, b) => a - b);
        const out = toRanges(values).flatMap(({ start, end, step }) =>
          Array.from({ length: (end - start) / step + 1 }, (_, n) => start + n * step),
        );
        expect(out).toEqual(values);
      }),
    );
  });
});

describe('BEAT-22 days that calendars of the server cannot say', () => {
  it.each([
    [{ day_of_month: 'L' }, 'timing.crontab.day_of_month: expected a day of the month without L'],
    [{ day_of_month: ['1', 'L-3'] }, 'timing.crontab.day_of_month: expected a day of the month without L'],
    [{ day_of_month: 'LW' }, 'timing.crontab.day_of_month: expected a day of the month without W'],
    [{ day_of_month: '15W' }, 'timing.crontab.day_of_month: expected a day of the month without W'],
    [{ day_of_week: '5L' }, 'timing.crontab.day_of_week: expected a day of the week without L'],
    [{ day_of_week: 'friL' }, 'timing.crontab.day_of_week: expected a day of the week without L'],
  ])('are refused in a crontab of Celery with what to say instead: %j', (crontab, message) => {
    expect(() => compileTiming({ crontab: { minute: 0, hour: 9, ...crontab } })).toThrow(message);
  });
});
