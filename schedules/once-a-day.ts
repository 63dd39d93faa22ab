/**
 * Schedules that run exactly once on each of their days, whatever the clocks do:
 * a time that comes twice runs when it comes first, one that the clock jumps
 * over runs at the next time that exists.
 *
 * The server does not know this rule. It reads wall clocks by a table of offsets
 * though, and takes a table of one's own. The table of {@link onceADayClock} moves
 * every change of clocks half a day away from the time of the schedule, and gives
 * each day the offset by which the server comes to the one right instant.
 */
import { type Calendar, hasDay } from './calendar.ts';
import { instantsOf, jumpOver, wallOf } from './zones.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../contracts/values/units.ts';

/** A leap day on a given day of the week occurs every 28 years, and only after 40 years across 2100. */
const LONGEST_WAIT_DAYS = 41 * 366;

/** The years that a table covers; later changes of clocks are not yet known. */
const YEARS = { first: 2020, last: 2060 } as const;

/** Returns the only instant at which a schedule runs for a time of the wall clock. */
function onceInstant(wallMs: number, zone: string): number {
  return instantsOf(wallMs, zone)[0] ?? jumpOver(wallMs, zone);
}

function timeOfDay({ hours: [hour = 0], minutes: [minute = 0] }: Calendar): number {
  return hour * HOUR_MS + minute * MINUTE_MS;
}

/** Returns the next run after an instant, in milliseconds; `undefined` when there is none. */
export function nextOnceADay(calendar: Calendar, zone: string, afterMs: number): number | undefined {
  const firstDay = Math.floor(wallOf(afterMs, zone) / DAY_MS) * DAY_MS - DAY_MS;
  for (let day = 0; day < LONGEST_WAIT_DAYS; day += 1) {
    const dayMs = firstDay + day * DAY_MS;
    if (!hasDay(calendar, dayMs)) continue;
    const atMs = onceInstant(dayMs + timeOfDay(calendar), zone);
    if (atMs > afterMs) return atMs;
  }
  return undefined;
}

interface Change {
  /** Seconds since 1970. */
  readonly at: number;
  /** Offset of the wall clock from then on, in seconds ahead of UTC. */
  readonly offset: number;
}

/**
 * Builds the table of offsets under which the server runs a calendar with one time of day once a day, as a TZif file
 * (RFC 8536).
 */
export function onceADayClock(calendar: Calendar, zone: string): Uint8Array {
  const changes: Change[] = [];
  const endMs = Date.UTC(YEARS.last + 1, 0, 1);
  for (let dayMs = Date.UTC(YEARS.first, 0, 1); dayMs < endMs; dayMs += DAY_MS) {
    const wallMs = dayMs + timeOfDay(calendar);
    const atMs = onceInstant(wallMs, zone);
    const offset = (wallMs - atMs) / SECOND_MS;
    if (changes.at(-1)?.offset !== offset) changes.push({ at: (atMs - DAY_MS / 2) / SECOND_MS, offset });
  }
  return toTzif(changes);
}

const HEADER_BYTES = 44;

/** Encodes version 2 of the format: an empty block of 32-bit times, one of 64-bit times, and an empty footer. */
function toTzif(changes: readonly Change[]): Uint8Array {
  const offsets = [...new Set(changes.map(({ offset }) => offset))];
  const size = 2 * HEADER_BYTES + 6 + 4 + changes.length * 9 + offsets.length * 6 + 4 + 2;
  const view = new DataView(new ArrayBuffer(size));
  let at = 0;
  const byte = (value: number): void => view.setUint8(at++, value);
  const int = (value: number): void => {
    view.setInt32(at, value);
    at += 4;
  };
  const text = (value: string): void => {
    for (const letter of value) byte(letter.charCodeAt(0));
  };
  const header = (times: number, types: number): void => {
    text('TZif2');
    at += 15;
    for (const count of [0, 0, 0, times, types, 4]) int(count);
  };
  const type = (offset: number): void => {
    int(offset);
    byte(0);
    byte(0);
  };
  header(0, 1);
  type(0);
  text('LMT\0');
  header(changes.length, offsets.length);
  for (const change of changes) {
    view.setBigInt64(at, BigInt(change.at));
    at += 8;
  }
  for (const { offset } of changes) byte(offsets.indexOf(offset));
  offsets.forEach(type);
  text('LMT\0\n\n');
  return new Uint8Array(view.buffer);
}
