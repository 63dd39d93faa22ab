/** Names of time zones. */

/** What {@link isTimeZone} accepts, for messages. */
export const TIME_ZONE_EXPECTED = 'an IANA time zone such as Europe/Berlin';

/**
 * Says whether Node knows a time zone by this name. Fixed offsets such as `+02:00`
 * are none: they have no daylight-saving time, and not every Node takes them.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
