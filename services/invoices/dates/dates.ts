/** Parses printed dates, in digits or with month names of six languages. */
import { monthOf } from './months.ts';

/** Which of the two numbers in `03/04/2024` comes first. */
export type DayOrder = 'day-first' | 'month-first';

/** A date read in both orders; one of them may be impossible, and both are equal when the text is unambiguous. */
export interface DateReading {
  readonly dayFirst?: string;
  readonly monthFirst?: string;
  /** Number of characters read from the start of the text. */
  readonly length: number;
}

/** Longest text of a date, in characters. */
const LONGEST_DATE = 48;

const ISO = /^(\d{4})\s?[-./]\s?(\d{1,2})\s?[-./]\s?(\d{1,2})(?!\d)/;
const COMPACT = /^(20\d{2})(\d{2})(\d{2})(?!\d)/;
const NUMERIC = /^(\d{1,2})\s?([-./])\s?(\d{1,2})\s?[-./]\s?(\d{4}|\d{2})(?![\d%])/;
const SPACED = /^(\d{2}) (\d{2}) (\d{4})(?!\d)/;
const DAY_NAME_YEAR =
  /^(\d{1,2})(?:\s?(?:st|nd|rd|th|er|ª|º|°|o|\.)(?!\p{Ll}))?[\s,/-]{0,3}(?:(?:de|of|di)\s)?([\p{L}0][\p{L}\d]{2,13})\.?[\s,'’/-]{0,3}(?:(?:de|del|of)\s)?(\d{4}|\d{2})(?!\d)/u;
const NAME_DAY_YEAR = /^([\p{L}0][\p{L}\d]{2,13})\.?[\s-]{0,2}(\d{1,2})(?:st|nd|rd|th)?[\s,./-]{1,3}(\d{4})(?!\d)/u;

function isoDate(year: number, month: number, day: number): string | undefined {
  if (month < 1 || month > 12 || day < 1 || year < 1900 || year > 2199) return undefined;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  return `${String(year)}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

function sure(iso: string | undefined, length: number): DateReading | undefined {
  return iso === undefined ? undefined : { dayFirst: iso, monthFirst: iso, length };
}

function yearFirst(text: string): DateReading | undefined {
  const match = ISO.exec(text) ?? COMPACT.exec(text);
  if (match === null) return undefined;
  return sure(isoDate(Number(match[1]), Number(match[2]), Number(match[3])), match[0].length);
}

/** Day and month as two numbers, a year, and whether dots separate them. */
interface Numbers {
  readonly first: number;
  readonly second: number;
  readonly year: number;
  readonly dotted: boolean;
  readonly length: number;
}

function numbersOf(text: string): Numbers | undefined {
  const signed = NUMERIC.exec(text);
  if (signed !== null) {
    const [all, first, sign, second, year = ''] = signed;
    return {
      first: Number(first),
      second: Number(second),
      year: fullYear(year),
      dotted: sign === '.',
      length: all.length,
    };
  }
  const spaced = SPACED.exec(text);
  if (spaced === null) return undefined;
  const [all, first, second, year] = spaced;
  return { first: Number(first), second: Number(second), year: Number(year), dotted: false, length: all.length };
}

function numeric(text: string): DateReading | undefined {
  const numbers = numbersOf(text);
  if (numbers === undefined) return undefined;
  const { first, second, year, dotted, length } = numbers;
  const dayFirst = isoDate(year, second, first);
  // Formats that put the month first are never written with dots.
  const monthFirst = dotted && dayFirst !== undefined ? dayFirst : isoDate(year, first, second);
  if (dayFirst === undefined && monthFirst === undefined) return undefined;
  return {
    ...(dayFirst === undefined ? {} : { dayFirst }),
    ...(monthFirst === undefined ? {} : { monthFirst }),
    length,
  };
}

function named(text: string): DateReading | undefined {
  const dayName = DAY_NAME_YEAR.exec(text);
  if (dayName !== null) {
    const month = monthOf(dayName[2] ?? '');
    if (month !== undefined)
      return sure(isoDate(fullYear(dayName[3] ?? ''), month, Number(dayName[1])), dayName[0].length);
  }
  const nameDay = NAME_DAY_YEAR.exec(text);
  const month = nameDay === null ? undefined : monthOf(nameDay[1] ?? '');
  if (nameDay === null || month === undefined) return undefined;
  return sure(isoDate(fullYear(nameDay[3] ?? ''), month, Number(nameDay[2])), nameDay[0].length);
}

/** Replaces letters that OCR reads for digits beside digits (`2O24`, `l5.01.2024`) and leaves month names alone. */
function repairDateDigits(text: string): string {
  return text
    .replaceAll(/(?<=[\d./-])[OoQ](?=[\d./\s-]|$)|(?<![\p{L}])[OoQ](?=\d)/gu, '0')
    .replaceAll(/(?<=[\d./-])[lI|](?=[\d./\s-]|$)|(?<![\p{L}])[lI|](?=[\d./])/gu, '1');
}

/** Parses the date that a text begins with. The rest of the text is ignored, so the text may be the rest of a row. */
export function parseDate(text: string): DateReading | undefined {
  const start = repairDateDigits(
    text.slice(0, LONGEST_DATE).replaceAll(/[–—−]/g, '-').replaceAll(/\s+/g, ' ').trimStart(),
  );
  return yearFirst(start) ?? numeric(start) ?? named(start);
}

/** Resolves a reading under an order, or under the other order when the first is impossible. */
export function resolveDate(reading: DateReading, order: DayOrder): string | undefined {
  return order === 'day-first' ? (reading.dayFirst ?? reading.monthFirst) : (reading.monthFirst ?? reading.dayFirst);
}

/** Tells whether the order of day and month changes the date. */
export function isOpen(reading: DateReading): boolean {
  return reading.dayFirst !== undefined && reading.monthFirst !== undefined && reading.dayFirst !== reading.monthFirst;
}
