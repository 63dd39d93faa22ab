/** Quiet hours, counted on the clock of the user. */
import { MINUTE_MS } from '../../contracts/values/units.ts';
import type { Contact } from './port.ts';

const MINUTES_A_DAY = 1_440;

/** Returns how long the quiet hours of a user last from a time on, in milliseconds; 0 outside of them. */
export function quietForMs(
  { quietFrom, quietUntil, timeZone }: Pick<Contact, 'quietFrom' | 'quietUntil' | 'timeZone'>,
  now: Date,
): number {
  const minute = minuteOfDay(now, timeZone);
  const length = (quietUntil - quietFrom + MINUTES_A_DAY) % MINUTES_A_DAY;
  const since = (minute - quietFrom + MINUTES_A_DAY) % MINUTES_A_DAY;
  return since < length ? (length - since) * MINUTE_MS : 0;
}

function minuteOfDay(now: Date, timeZone: string): number {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const [hour = 0, minute = 0] = clock.format(now).split(':').map(Number);
  return hour * 60 + minute;
}
