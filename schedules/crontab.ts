/** The two meanings of a crontab: cron's line of text and Celery's object. */
import type { Crontab, CrontabField } from '../contracts/schedules/vocabulary.ts';
import { ALL, type Calendar, everComes, span } from './calendar.ts';
import { CELERY_GRAMMAR, CRON_GRAMMAR, type FieldKind, FIELDS, parseField } from './fields.ts';
import { InvalidTiming } from './invalid-timing.ts';

const AT = 'timing.cron';

const WEEK = 7;

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * The calendars of a cron line: minute, hour, day of month, month, day of week.
 *
 * Where both days are restricted, cron runs when either matches. A calendar of
 * the server runs when both match, so such a line becomes two calendars. A
 * field that starts with `*` (`*` and `*\/2`) does not count as restricted:
 * this is what cron itself does (Vixie, cronie, Debian).
 *
 * Beside cron's own forms, `fri#2` is the second Friday of a month and `?` stands for any day.
 *
 * @throws InvalidTiming for what calendars of the server cannot say: seconds, years, `L`, `W`
 */
export function cronCalendars(line: string): readonly Calendar[] {
  const text = MACROS[line.trim().toLowerCase()] ?? line.trim();
  const fields = text.split(/\s+/);
  refuseOtherDialects(text, fields);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = fields;
  const times = {
    minutes: parseCron(minute, FIELDS.minute),
    hours: parseCron(hour, FIELDS.hour),
    months: parseCron(month, FIELDS.month),
  };
  const days = daysOf(dayOfMonth.replace(/^\?$/, '*'), dayOfWeek.replace(/^\?$/, '*'));
  const calendars = days.map((some): Calendar => ({ ...times, ...some }));
  const possible = calendars.filter(everComes);
  if (possible.length === 0) throw new InvalidTiming(AT, 'a date that ever comes', line);
  return possible;
}

type Days = Pick<Calendar, 'daysOfMonth' | 'daysOfWeek'>;

/** The days of a line: where both fields are restricted either matches, else both. */
function daysOf(dayOfMonth: string, dayOfWeek: string): readonly Days[] {
  const daysOfMonth = parseCron(dayOfMonth, FIELDS.dayOfMonth);
  const weekdays = weekdaysOf(dayOfWeek);
  if (!dayOfMonth.startsWith('*') && !dayOfWeek.startsWith('*'))
    return [{ daysOfMonth, daysOfWeek: ALL.daysOfWeek }, ...weekdays];
  return weekdays.map((some) => ({
    ...some,
    daysOfMonth: daysOfMonth.filter((day) => some.daysOfMonth.includes(day)),
  }));
}

/** Days of the week; the n-th one of a month is the one among its n-th seven days. */
function weekdaysOf(field: string): readonly Days[] {
  const parts = field.split(',');
  const plain = parts.filter((part) => !part.includes('#')).join(',');
  const nth = parts.filter((part) => part.includes('#')).map(nthWeekday);
  if (plain === '') return nth;
  return [{ daysOfMonth: ALL.daysOfMonth, daysOfWeek: parseCron(plain, FIELDS.dayOfWeek) }, ...nth];
}

function nthWeekday(part: string): Days {
  const { day, n } = /^(?<day>\w+)#(?<n>[1-5])$/.exec(part)?.groups ?? {};
  if (day === undefined) throw new InvalidTiming(AT, 'a day of the week and its number from 1 to 5, as in fri#2', part);
  const last = Number(n) * WEEK;
  return { daysOfMonth: span(last - WEEK + 1, Math.min(last, 31)), daysOfWeek: parseCron(day, FIELDS.dayOfWeek) };
}

function parseCron(field: string, kind: FieldKind): readonly number[] {
  return parseField(field, kind, CRON_GRAMMAR, AT);
}

/** What other schedulers can say and calendars of the server cannot, with what to say instead. */
const NOT_ON_THE_SERVER: readonly (readonly [field: number, pattern: RegExp, expected: string])[] = [
  [
    2,
    /W/i,
    'a day of the month without W: the server knows no nearest weekday. Name the days, or let the task check the day',
  ],
  [
    2,
    /L/i,
    'a day of the month without L: the server knows no last day. Use 28, which every month has, or 1 at 00:00, when a month has just ended',
  ],
  [
    4,
    /^L$|\dL|[a-z]{3}L/i,
    'a day of the week without L: the server knows no last weekday. Use fri#4, which every month has, or fri#5, which some have',
  ],
];

function refuseOtherDialects(text: string, fields: readonly string[]): void {
  if (text.startsWith('@'))
    throw new InvalidTiming(AT, `five fields or one of ${Object.keys(MACROS).join(', ')}`, text);
  if (/^(CRON_)?TZ=/.test(text)) throw new InvalidTiming(AT, 'the time zone in timeZone, not in the cron line', text);
  if (fields.length !== 5)
    throw new InvalidTiming(AT, 'five fields (minute, hour, day of month, month, day of week)', text);
  fields.forEach((field, index) => {
    refuseUnknownDay(index, field, AT);
  });
}

/** Refuses a day that only other schedulers know, in the field with this place in a cron line. */
function refuseUnknownDay(place: number, text: string, at: string): void {
  for (const [field, pattern, expected] of NOT_ON_THE_SERVER)
    if (field === place && pattern.test(text)) throw new InvalidTiming(at, expected, text);
}

/**
 * The calendar of Celery's `crontab(minute, hour, day_of_week, day_of_month,
 * month_of_year)`. Celery runs when all fields match, the two days included,
 * and so does a calendar of the server.
 *
 * @throws InvalidTiming
 */
export function celeryCalendar(crontab: Crontab): Calendar {
  const parse = (field: keyof Crontab, kind: FieldKind): readonly number[] =>
    parseCelery(crontab[field] ?? '*', kind, `timing.crontab.${field}`);
  const calendar: Calendar = {
    minutes: parse('minute', FIELDS.minute),
    hours: parse('hour', FIELDS.hour),
    daysOfMonth: parse('day_of_month', FIELDS.dayOfMonth),
    months: parse('month_of_year', FIELDS.month),
    daysOfWeek: parse('day_of_week', FIELDS.dayOfWeek),
  };
  if (!everComes(calendar))
    throw new InvalidTiming('timing.crontab', 'a date that ever comes', JSON.stringify(crontab));
  return calendar;
}

function parseCelery(field: CrontabField, kind: FieldKind, at: string): readonly number[] {
  const parts: readonly (number | string)[] = typeof field === 'object' ? field : [field];
  const text = parts.map((part) => String(part).replaceAll(/\s/g, '')).join(',');
  if (kind === FIELDS.dayOfMonth) refuseUnknownDay(2, text, at);
  if (kind === FIELDS.dayOfWeek) refuseUnknownDay(4, text, at);
  return parseField(text, kind, CELERY_GRAMMAR, at);
}
