/** Instants as callers write them. `Date.parse` takes far more, and reads some of it by the zone of the process. */
import { MINUTE_MS } from './units.ts';

/** What {@link parseInstant} accepts, for messages. */
export const INSTANT_EXPECTED = 'a time as ISO 8601 such as 2026-01-31T12:00:00Z (without an offset it is UTC)';

type Parts = Readonly<Record<string, string | undefined>>;

const FORM =
  /^(?<date>\d{4}-\d\d-\d\d)(?:[T ](?<time>[01]\d|2[0-3]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d)(?:[.,](?<fraction>\d{1,9}))?)?(?<offset>Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?$/;

/**
 * Reads an instant: a date, with or without a time, with or without an offset.
 * Without an offset it is UTC, as with Celery's `enable_utc`; digits after the
 * milliseconds are cut off.
 *
 * @returns milliseconds since 1970; `undefined` for any other text, also for days that do not exist and for bare numbers
 */
export function parseInstant(text: string): number | undefined {
  const parts = FORM.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const wall = wallClock(parts);
  const at = Date.parse(wall);
  // Date.parse carries the 30th of February over into March.
  if (Number.isNaN(at) || new Date(at).toISOString() !== wall) return undefined;
  return at - offsetMs(parts['offset'] ?? 'Z');
}

/** Tells whether a text that {@link parseInstant} reads says how far its clock is from UTC. */
export function hasOffset(text: string): boolean {
  return FORM.exec(text)?.groups?.['offset'] !== undefined;
}

/** Date and time without their offset, in the one form that `toISOString` gives. */
function wallClock({ date = '', time = '00', minute = '00', second = '00', fraction = '' }: Parts): string {
  return `${date}T${time}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}

/**
 * As {@link parseInstant}, for text that has been checked; takes a `Date` as well.
 *
 * @throws RangeError for text that was not checked
 */
export function instantOf(moment: string | Date): number {
  const at = typeof moment === 'string' ? parseInstant(moment) : moment.getTime();
  if (at === undefined) throw new RangeError(`expected ${INSTANT_EXPECTED}, got ${JSON.stringify(moment)}`);
  return at;
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0;
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (offset.startsWith('-') ? -minutes : minutes) * MINUTE_MS;
}
