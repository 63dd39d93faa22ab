/** Wall clocks and instants: the arithmetic of IANA time zones, over the data that Node brings. */

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
 * What the clock on the wall shows at an instant, as if it were UTC, in
 * milliseconds: so that `getUTCHours` of it is the hour on the wall.
 */
export function wallOf(instantMs: number, zone: string): number {
  if (zone === 'UTC') return instantMs;
  const part: Record<string, number> = {};
  for (const { type, value } of format(zone).formatToParts(instantMs)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) + modulo(instantMs, SECOND_MS);
}

/** How far the wall clock is ahead of UTC at an instant, in milliseconds. */
export function offsetOf(instantMs: number, zone: string): number {
  return wallOf(instantMs, zone) - instantMs;
}

/**
 * The instants at which the wall clock shows a time: one as a rule, none in the
 * gap of spring, two in the repeated hour of autumn.
 */
export function instantsOf(wallMs: number, zone: string): readonly number[] {
  if (zone === 'UTC') return [wallMs];
  // A day to either side lies the offset before and after any change of clocks.
  const offsets = new Set([offsetOf(wallMs - DAY_MS, zone), offsetOf(wallMs + DAY_MS, zone)]);
  return [...offsets]
    .map((offset) => wallMs - offset)
    .filter((instant) => wallOf(instant, zone) === wallMs)
    .sort((a, b) => a - b);
}

/** An instant as text with the offset of its zone, for example `2027-03-14T03:30:00-04:00`. */
export function localText(instantMs: number, zone: string): string {
  return `${wallText(wallOf(instantMs, zone))}${offsetText(offsetOf(instantMs, zone))}`;
}

/** A wall clock as text, without an offset. */
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
