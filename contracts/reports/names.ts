/** Names of reports and their files, made of what a report is about. */
import { oneLine } from '../values/printable.ts';

/** Days of a report, YYYY-MM-DD, both included. */
interface Days {
  readonly start: string;
  readonly end: string;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** Longest name of a person in the name of a report, in characters. */
const LONGEST_PERSON = 40;

interface Day {
  readonly day: number;
  readonly month: string;
  readonly year: string;
}

function dayOf(text: string): Day {
  const [year = '', month = '', day = ''] = text.split('-');
  return { day: Number(day), month: MONTHS[Number(month) - 1] ?? month, year };
}

/**
 * Formats a day, for example `31 October 2026`.
 * @param text - YYYY-MM-DD
 */
export function longDay(text: string): string {
  const { day, month, year } = dayOf(text);
  return `${day} ${month} ${year}`;
}

/**
 * Names a period as briefly as people do: `November 2026` for a whole month, `2026` for a year, else its days.
 * @example
 * ```ts
 * periodName({ start: '2026-10-26', end: '2026-11-01' }); // '26 October to 1 November 2026'
 * ```
 */
export function periodName({ start, end }: Days): string {
  const [first, last] = [dayOf(start), dayOf(end)];
  if (start === end) return longDay(start);
  if (first.year !== last.year) return `${longDay(start)} to ${longDay(end)}`;
  if (start.endsWith('-01-01') && end.endsWith('-12-31')) return first.year;
  if (first.month !== last.month) return `${first.day} ${first.month} to ${longDay(end)}`;
  return first.day === 1 && isLastOfMonth(end) ? `${first.month} ${first.year}` : `${first.day} to ${longDay(end)}`;
}

function isLastOfMonth(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).getUTCDate() === day;
}

/**
 * Names a report: `Activity Report for Ada, November 2026`.
 *
 * @param person - whom it is about, as one short line; absent for everybody
 */
export function reportName(title: string, person: string | undefined, days: Days): string {
  const about = person === undefined ? '' : ` for ${personName(person)}`;
  return `${title}${about}, ${periodName(days)}`;
}

function personName(text: string): string {
  const letters = Array.from(oneLine(text));
  return letters.length <= LONGEST_PERSON ? letters.join('') : `${letters.slice(0, LONGEST_PERSON).join('')}…`;
}

/**
 * Returns a name for files: characters that file systems refuse become hyphens.
 * @param extension - without the dot
 */
export function reportFileName(name: string, extension: string): string {
  return `${name.replaceAll(/[\\/:*?"<>|]/g, '-')}.${extension}`;
}
