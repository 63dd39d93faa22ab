/** Periods of messages to all users, by which each is sent once; all of them are counted in UTC. */
import { DAY_MS } from '../values/units.ts';

/** Returns the month before that of a time, such as `2026-11`. */
export function monthBefore(time: string): string {
  const [year = 0, month = 0] = time.split('-').map(Number);
  return new Date(Date.UTC(year, month - 2, 1)).toISOString().slice(0, 7);
}

/** Returns the Monday of the week of a time, such as `2026-11-30`. */
export function mondayOf(time: string): string {
  const at = new Date(time);
  return new Date(at.getTime() - ((at.getUTCDay() + 6) % 7) * DAY_MS).toISOString().slice(0, 10);
}

/** Returns the first instant of a month such as `2026-11`, and the first one after it. */
export function boundsOfMonth(month: string): { readonly from: string; readonly until: string } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const at = (index: number): string => new Date(Date.UTC(year, index, 1)).toISOString();
  return { from: at(number - 1), until: at(number) };
}
