/** The two meanings of a crontab: cron's line of text and Celery's object. */
import type { Crontab, CrontabField } from '../contracts/schedules/vocabulary.ts';
import { ALL, type Calendar, everComes } from './calendar.ts';
import { CELERY_GRAMMAR, CRON_GRAMMAR, type FieldKind, FIELDS, parseField } from './fields.ts';
import { InvalidTiming } from './invalid-timing.ts';

const AT = 'timing.cron';

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
 * @throws InvalidTiming for anything that cron's five fields cannot say: seconds, years, `L`, `W`, `#`, `?`
 */
export function cronCalendars(line: string): readonly Calendar[] {
  const text = MACROS[line.trim().toLowerCase()] ?? line.trim();
  const fields = text.split(/\s+/);
  refuseOtherDialects(text, fields);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = fields;
  const parse = (field: string, kind: FieldKind): readonly number[] => parseField(field, kind, CRON_GRAMMAR, AT);
  const both: Calendar = {
    minutes: parse(minute, FIELDS.minute),
    hours: parse(hour, FIELDS.hour),
    daysOfMonth: parse(dayOfMonth, FIELDS.dayOfMonth),
    months: parse(month, FIELDS.month),
    daysOfWeek: parse(dayOfWeek, FIELDS.dayOfWeek),
  };
  const either = !dayOfMonth.startsWith('*') && !dayOfWeek.startsWith('*');
  const calendars = either
    ? [
        { ...both, daysOfWeek: ALL.daysOfWeek },
        { ...both, daysOfMonth: ALL.daysOfMonth },
      ]
    : [both];
  const possible = calendars.filter(everComes);
  if (possible.length === 0) throw new InvalidTiming(AT, 'a date that ever comes', line);
  return possible;
}

function refuseOtherDialects(text: string, fields: readonly string[]): void {
  if (text.startsWith('@'))
    throw new InvalidTiming(AT, `five fields or one of ${Object.keys(MACROS).join(', ')}`, text);
  if (/^(CRON_)?TZ=/.test(text)) throw new InvalidTiming(AT, 'the time zone in timeZone, not in the cron line', text);
  if (fields.length !== 5)
    throw new InvalidTiming(AT, 'five fields (minute, hour, day of month, month, day of week)', text);
  if (/[?#]|\d[LW]|(^|,)L(,|$)/i.test(`${fields[2] ?? ''},${fields[4] ?? ''}`))
    throw new InvalidTiming(AT, 'no L, W, # or ?: the server has no last, nearest or n-th day', text);
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
  return parseField(text, kind, CELERY_GRAMMAR, at);
}
