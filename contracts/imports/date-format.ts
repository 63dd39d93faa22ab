/** Formats by which a caller tells how a file writes its dates. */

/** What is expected where a format is wrong. */
export const DATE_FORMAT_EXPECTED =
  'a format of day (DD or D), month (MM or M) and year (YYYY or YY), such as DD.MM.YYYY or M/D/YY';

/** Reads a date; the result is `2026-01-31`, or `undefined` for a text that is no date in this format. */
export type ParseDate = (text: string) => string | undefined;

const PARTS: Readonly<Record<string, string>> = {
  DD: '(?<day>\\d{2})',
  D: '(?<day>\\d{1,2})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  YYYY: '(?<year>\\d{4})',
  YY: '(?<year>\\d{2})',
};
const PART = /YYYY|YY|MM|M|DD|D/g;

/** Two-digit years from this one on are of the 20th century, as POSIX reads them. */
const LAST_CENTURY_FROM = 69;

/** Returns the function that reads dates of a format, upper or lower case; `undefined` for a text that is no format. */
export function dateFormatOf(format: string): ParseDate | undefined {
  const upper = format.trim().toUpperCase();
  const kinds = (upper.match(PART) ?? []).map((part) => part[0]).sort();
  if (kinds.join('') !== 'DMY' || /[A-Z0-9]/.test(upper.replaceAll(PART, ''))) return undefined;
  const escaped = upper.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const pattern = new RegExp(`^${escaped.replaceAll(PART, (part) => PARTS[part] ?? '')}$`);
  return (text) => {
    const { day = '', month = '', year = '' } = pattern.exec(text)?.groups ?? {};
    return dateOf(fullYear(year), Number(month), Number(day));
  };
}

function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length !== 2) return year;
  return year >= LAST_CENTURY_FROM ? 1_900 + year : 2_000 + year;
}

/** Returns `2026-01-31`; `undefined` for a day that the calendar lacks. */
function dateOf(year: number, month: number, day: number): string | undefined {
  const pad = (value: number, width: number): string => String(value).padStart(width, '0');
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function daysOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
