/**
 * Days, weeks and months as instants in a time zone: from 00:00 of the first day up to, but not including, 00:00 after
 * the last, so that adjacent periods share no instant. A day lasts 23 or 25 hours when clocks change, and starts at its
 * first existing instant when midnight is skipped.
 */
import { PerennialError } from '../../contracts/failures.ts';
import { type CalendarKind, MAX_REPORT_DAYS } from '../../contracts/reports/vocabulary.ts';
import type { ReportPeriod } from '../../contracts/reports/schema.ts';
import type { PeriodCalendar } from './port.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../contracts/values/units.ts';

/** Largest distance of any time zone from UTC, with a margin. */
const FURTHEST_MS = 16 * HOUR_MS;

/** Longest period in days that is shown by hours; up to {@link DAILY} it is shown by days, beyond that by months. */
const HOURLY = 2;
const DAILY = 92;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Creates a formatter of ISO dates, which is how Swedish dates look. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  clocks.set(timeZone, clock);
  return clock;
}

/**
 * Formats local time as `YYYY-MM-DD HH:MM`.
 * @param at - milliseconds since 1970
 */
export function localTime(at: number, timeZone: string): string {
  return clockOf(timeZone).format(at);
}

/** Returns the local day of an instant, YYYY-MM-DD. */
export function dayOf(at: number, timeZone: string): string {
  return localTime(at, timeZone).slice(0, 10);
}

/**
 * Returns the first instant of a local day in milliseconds since 1970; for a day that a zone skipped, the first instant
 * after it.
 */
export function startOfDay(day: string, timeZone: string): number {
  const utcMidnight = Date.parse(`${day}T00:00:00Z`);
  let before = utcMidnight - FURTHEST_MS;
  let notBefore = utcMidnight + FURTHEST_MS;
  while (notBefore - before > SECOND_MS) {
    const middle = before + Math.floor((notBefore - before) / 2 / SECOND_MS) * SECOND_MS;
    if (dayOf(middle, timeZone) < day) before = middle;
    else notBefore = middle;
  }
  return notBefore;
}

/** Moves a day by a number of calendar days, earlier when negative, regardless of clock changes. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Counts the days from the first to the last, both included; 0 or less when they are reversed. */
export function countDays(start: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / DAY_MS) + 1;
}

/** Implements the calendar with real time zones. */
export const periodCalendar: PeriodCalendar = {
  range: (start, end, timeZone) => periodOf(start, end, timeZone),
  previous: (kind, at, timeZone) => {
    const current = surrounding(kind, dayOf(Date.parse(at), timeZone));
    const { start, end } = surrounding(kind, addDays(current.start, -1));
    return periodOf(start, end, timeZone);
  },
  around: (kind, day, timeZone) => {
    const { start, end } = surrounding(kind, day);
    return periodOf(start, end, timeZone);
  },
};

function periodOf(start: string, end: string, timeZone: string): ReportPeriod {
  const days = countDays(start, end);
  if (days < 1)
    throw new PerennialError('InvalidInput', `end: expected a day on or after start '${start}', got '${end}'`);
  if (days > MAX_REPORT_DAYS)
    throw new PerennialError(
      'InvalidInput',
      `end: expected at most ${MAX_REPORT_DAYS} days from start to end, got ${days}`,
    );
  const from = new Date(startOfDay(start, timeZone)).toISOString();
  const until = new Date(startOfDay(addDays(end, 1), timeZone)).toISOString();
  return { start, end, timeZone, from, until };
}

function surrounding(kind: CalendarKind, day: string): { readonly start: string; readonly end: string } {
  const date = new Date(day);
  switch (kind) {
    case 'daily':
      return { start: day, end: day };
    case 'weekly': {
      const monday = addDays(day, -((date.getUTCDay() + 6) % 7));
      return { start: monday, end: addDays(monday, 6) };
    }
    case 'monthly': {
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      const of = (value: number): string => new Date(value).toISOString().slice(0, 10);
      return { start: of(Date.UTC(year, month, 1)), end: of(Date.UTC(year, month + 1, 0)) };
    }
  }
}

/** The hours, days or months in which the figures of a period are counted. */
export interface Buckets {
  readonly unit: 'hour' | 'day' | 'month';
  /** First instant of each part in order, as ISO time, with its label. */
  readonly parts: readonly { readonly from: string; readonly label: string }[];
}

/**
 * Cuts a period into hours, days or months. Labels are unique, so the hour that repeats when clocks change has two
 * labels.
 */
export function bucketsOf(period: ReportPeriod): Buckets {
  const days = countDays(period.start, period.end);
  if (days <= HOURLY) return { unit: 'hour', parts: hours(period, days) };
  return days <= DAILY
    ? {
        unit: 'day',
        parts: calendarParts(
          period,
          (day) => addDays(day, 1),
          (day) => day,
        ),
      }
    : { unit: 'month', parts: calendarParts(period, nextMonth, (day) => day.slice(0, 7)) };
}

function hours({ from, until, timeZone }: ReportPeriod, days: number): Buckets['parts'] {
  const parts: { from: string; label: string }[] = [];
  const seen = new Map<string, number>();
  for (let at = Date.parse(from); at < Date.parse(until); at += HOUR_MS) {
    const local = localTime(at, timeZone);
    const label = days === 1 ? local.slice(11) : local.slice(5);
    const times = (seen.get(label) ?? 0) + 1;
    seen.set(label, times);
    parts.push({ from: new Date(at).toISOString(), label: times === 1 ? label : `${label} (${times})` });
  }
  return parts;
}

function calendarParts(
  { start, end, timeZone }: ReportPeriod,
  next: (day: string) => string,
  labelOf: (day: string) => string,
): Buckets['parts'] {
  const parts: { from: string; label: string }[] = [];
  for (let day = start; day <= end; day = next(day))
    parts.push({ from: new Date(startOfDay(day, timeZone)).toISOString(), label: labelOf(day) });
  return parts;
}

function nextMonth(day: string): string {
  const date = new Date(day);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)).toISOString().slice(0, 10);
}
