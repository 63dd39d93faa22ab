/** Converts between wall clocks and instants of IANA time zones, with the data in Node. */

import { DAY_MS, MINUTE_MS, SECOND_MS } from '../contracts/values/units.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

/**
 * Returns the wall clock at an instant as if it were UTC, in milliseconds, so that `getUTCHours` returns the hour on
 * the wall.
 */
export function wallOf(instantMs: number, zone: string): number {
  if (zone === 'UTC') return instantMs;
  const steady = offsetOfDay(Math.floor(instantMs / DAY_MS), zone);
  return steady === undefined ? readWall(instantMs, zone) : instantMs + steady;
}

function readWall(instantMs: number, zone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of format(zone).formatToParts(instantMs)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) + modulo(instantMs, SECOND_MS);
}

/** Cached offsets of days for each zone, because formatting a date is slow and forecasts need many offsets. */
const steadyDays = new Map<string, number | undefined>();

/** Largest number of cached days. */
const MAX_DAYS = 20_000;

/** Returns the offset of a whole UTC day; `undefined` when the clock changes in it. */
function offsetOfDay(day: number, zone: string): number | undefined {
  const key = `${zone} ${day}`;
  if (steadyDays.has(key)) return steadyDays.get(key);
  const [start, end] = [day, day + 1].map((each) => readOffset(each * DAY_MS, zone));
  const offset = start === end ? start : undefined;
  if (steadyDays.size >= MAX_DAYS) steadyDays.clear();
  steadyDays.set(key, offset);
  return offset;
}

function readOffset(instantMs: number, zone: string): number {
  return readWall(instantMs, zone) - instantMs;
}

/** Returns how far the wall clock is ahead of UTC at an instant, in milliseconds. */
export function offsetOf(instantMs: number, zone: string): number {
  return wallOf(instantMs, zone) - instantMs;
}

/** Tells whether the clock changes within a day of an instant. */
export function changesNear(instantMs: number, zone: string): boolean {
  return offsetOf(instantMs - DAY_MS, zone) !== offsetOf(instantMs + DAY_MS, zone);
}

/**
 * Returns the instants at which the wall clock shows a time: usually one, none in the gap of spring, two in the
 * repeated hour of autumn.
 */
export function instantsOf(wallMs: number, zone: string): readonly number[] {
  if (zone === 'UTC') return [wallMs];
  // The offsets one day earlier and later are those before and after any change of clocks.
  const offsets = new Set([offsetOf(wallMs - DAY_MS, zone), offsetOf(wallMs + DAY_MS, zone)]);
  return [...offsets]
    .map((offset) => wallMs - offset)
    .filter((instant) => wallOf(instant, zone) === wallMs)
    .sort((a, b) => a - b);
}

/** Formats an instant with the offset of its zone, for example `2027-03-14T03:30:00-04:00`. */
export function localText(instantMs: number, zone: string): string {
  return `${wallText(wallOf(instantMs, zone))}${offsetText(offsetOf(instantMs, zone))}`;
}

/** Formats a wall clock time without an offset. */
export function wallText(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 19);
}

function offsetText(offsetMs: number): string {
  if (offsetMs === 0) return 'Z';
  const minutes = Math.round(Math.abs(offsetMs) / MINUTE_MS);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** Returns the instant at which the clock skips a time that does not exist, to the second. */
export function jumpOver(wallMs: number, zone: string): number {
  let before = wallMs - DAY_MS - offsetOf(wallMs - DAY_MS, zone);
  let after = before + 2 * DAY_MS;
  const offset = offsetOf(before, zone);
  while (after - before > SECOND_MS) {
    const middle = Math.floor((before + after) / 2 / SECOND_MS) * SECOND_MS;
    if (offsetOf(middle, zone) === offset) before = middle;
    else after = middle;
  }
  return after;
}
