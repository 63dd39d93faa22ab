/** Names of time zones. */
import { TIME_ZONE_NAMES } from './time-zone-names.ts';

/**
 * Tells whether both the Temporal server and Node know a time zone by this name. Node alone also accepts other spellings
 * (`europe/berlin`), old abbreviations (`IST`) and fixed offsets (`+02:00`), which the server refuses.
 */
export function isTimeZone(name: string): boolean {
  return TIME_ZONE_NAMES.has(name) && zoneOfNode(name) !== undefined;
}

/** Description of the names that {@link isTimeZone} accepts, for messages. */
export const TIME_ZONE_EXPECTED = 'an IANA time zone such as Europe/Berlin';

/** Returns {@link TIME_ZONE_EXPECTED}, with the name that the caller probably meant. */
export function timeZoneExpected(got: unknown): string {
  const near = typeof got === 'string' ? nearest(got) : undefined;
  return near === undefined ? TIME_ZONE_EXPECTED : `${TIME_ZONE_EXPECTED} (perhaps ${near})`;
}

function nearest(name: string): string | undefined {
  const same = [...TIME_ZONE_NAMES].find((known) => known.toLowerCase() === name.toLowerCase());
  const meant = same ?? zoneOfNode(name);
  return meant !== undefined && TIME_ZONE_NAMES.has(meant) ? meant : undefined;
}

function zoneOfNode(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
