/**
 * The times of a calendar as Temporal's server finds them, changes of clocks
 * included.
 *
 * The server is written in Go and looks for the next time from the last one, so
 * what it does in a repeated or missing hour follows from its search and from
 * the way in which Go's `time.Date` reads a wall clock. West of UTC a repeated
 * time comes twice; east of UTC it comes once, and the hour before it comes
 * twice. This file repeats the search step by step (`compiledCalendar.next` of
 * the server's `service/worker/scheduler/calendar.go`), because a forecast that
 * knew better would be wrong.
 */
import type { Calendar } from './calendar.ts';
import { offsetOf, wallOf } from './zones.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../contracts/values/units.ts';

/** The server searches up to the end of this year. */
const LAST_YEAR = 2100;

/** A position in the search. Hour, minute and second may be one too high until they are carried. */
interface Cursor {
  readonly zone: string;
  /** 00:00 of the wall clock's day, as if it were UTC. */
  dayMs: number;
  hour: number;
  minute: number;
  second: number;
  /** One hour during the second pass of a repeated hour. */
  shiftMs: number;
}

/**
 * Returns the instant at which Go reads a wall clock: one of the two for a repeated time, one beside the gap for a
 * missing time.
 */
function instantOf(wallMs: number, zone: string): number {
  const offset = offsetOf(wallMs, zone);
  return offset === 0 ? wallMs : wallMs - offsetOf(wallMs - offset, zone);
}

function hourOf(instantMs: number, zone: string): number {
  return new Date(wallOf(instantMs, zone)).getUTCHours();
}

function instantAt({ zone, dayMs, hour, minute, second }: Cursor): number {
  return instantOf(dayMs + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS, zone);
}

/** Returns the next time of a calendar after an instant, in milliseconds; `undefined` when there is none until 2100. */
export function nextServerTime(calendar: Calendar, zone: string, afterMs: number): number | undefined {
  const cursor = cursorAfter(Math.floor(afterMs / SECOND_MS) * SECOND_MS, zone);
  for (;;) {
    carry(cursor);
    if (new Date(cursor.dayMs).getUTCFullYear() > LAST_YEAR) return undefined;
    if (!seek(calendar, cursor)) continue;
    const at = instantAt(cursor);
    // The clock skips this time, so the search continues after it.
    if (hourOf(at, zone) !== cursor.hour) moveTo(cursor, { hour: cursor.hour + 1 });
    else return at + cursor.shiftMs;
  }
}

function cursorAfter(afterMs: number, zone: string): Cursor {
  const wallMs = wallOf(afterMs, zone);
  const wall = new Date(wallMs);
  const hour = wall.getUTCHours();
  return {
    zone,
    dayMs: Math.floor(wallMs / DAY_MS) * DAY_MS,
    hour,
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds() + 1,
    shiftMs: hourOf(afterMs - HOUR_MS, zone) === hour ? HOUR_MS : 0,
  };
}

function moveTo(cursor: Cursor, { dayMs = cursor.dayMs, hour = 0 }: { dayMs?: number; hour?: number }): void {
  Object.assign(cursor, { dayMs, hour, minute: 0, second: 0 });
}

function carry(cursor: Cursor): void {
  if (cursor.second >= 60) Object.assign(cursor, { minute: cursor.minute + 1, second: 0 });
  if (cursor.minute >= 60) carryHour(cursor);
  if (cursor.hour >= 24) Object.assign(cursor, { dayMs: cursor.dayMs + DAY_MS, hour: cursor.hour - 24 });
}

/**
 * Handles two hours between two full hours: the clock repeats one of them, and the search passes it again with a shift.
 */
function carryHour(cursor: Cursor): void {
  const { hour, shiftMs } = cursor;
  const before = instantAt({ ...cursor, minute: 0 });
  const after = instantAt({ ...cursor, hour: hour + 1, minute: 0 });
  const repeated = shiftMs === 0 && after - before > HOUR_MS;
  Object.assign(cursor, { hour: repeated ? hour : hour + 1, minute: 0, shiftMs: repeated ? HOUR_MS : 0 });
}

/** Moves the cursor to the next matching time; returns `false` when that changed its month, day, hour or minute. */
function seek(calendar: Calendar, cursor: Cursor): boolean {
  return (
    seekMonth(calendar, cursor) &&
    seekDay(calendar, cursor) &&
    seekHour(calendar, cursor) &&
    seekMinute(calendar, cursor)
  );
}

function seekMonth({ months }: Calendar, cursor: Cursor): boolean {
  for (;;) {
    const day = new Date(cursor.dayMs);
    const month = day.getUTCMonth();
    if (months.includes(month + 1)) return true;
    moveTo(cursor, { dayMs: Date.UTC(day.getUTCFullYear(), month + 1, 1) });
    cursor.shiftMs = 0;
    if (month === 11) return false;
  }
}

function seekDay({ daysOfMonth, daysOfWeek }: Calendar, cursor: Cursor): boolean {
  // The server takes the day of the week from the instant, which beside a gap at midnight is on the day before.
  const onDay = (): boolean =>
    daysOfWeek.length === 7 || daysOfWeek.includes(new Date(wallOf(instantAt(cursor), cursor.zone)).getUTCDay());
  while (!daysOfMonth.includes(new Date(cursor.dayMs).getUTCDate()) || !onDay()) {
    moveTo(cursor, { dayMs: cursor.dayMs + DAY_MS });
    cursor.shiftMs = 0;
    if (new Date(cursor.dayMs).getUTCDate() === 1) return false;
  }
  return true;
}

function seekHour({ hours }: Calendar, cursor: Cursor): boolean {
  while (!hours.includes(cursor.hour)) {
    moveTo(cursor, { hour: cursor.hour + 1 });
    cursor.shiftMs = 0;
    if (cursor.hour >= 24) return false;
  }
  return true;
}

/** Seconds are 0 in every calendar, so the search ends at minutes. */
function seekMinute({ minutes }: Calendar, cursor: Cursor): boolean {
  while (!minutes.includes(cursor.minute)) {
    Object.assign(cursor, { minute: cursor.minute + 1, second: 0 });
    if (cursor.minute >= 60) return false;
  }
  if (cursor.second === 0) return true;
  cursor.second = 60;
  return false;
}
