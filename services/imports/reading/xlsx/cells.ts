/** Converts the cells of a sheet to text. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../../contracts/values/units.ts';
import { cellFault, LINE_BREAK } from './marks.ts';
import type { NumberKind } from './formats.ts';

/** How a cell stores its value: shared text, inline text, text of a formula, boolean, error, date or number. */
export type CellType = 's' | 'inlineStr' | 'str' | 'b' | 'e' | 'd' | 'n';

/** A cell as it is stored. */
export interface StoredCell {
  readonly type: CellType;
  readonly value: string;
  readonly kind: NumberKind;
  readonly formula: boolean;
}

/** What the cells of a workbook share. */
export interface CellContext {
  readonly shared: readonly string[];
  /** Whether day 0 is 1 January 1904. */
  readonly from1904: boolean;
}

/**
 * Returns the value of a cell as text: numbers with their digits and percentages as their fraction, dates as
 * `2026-01-31`, with the time and its fraction of a second when there is one, durations as hours, minutes and seconds.
 * A cell without a value that can be known returns a marked text, which rejects its record.
 */
export function cellText(cell: StoredCell, context: CellContext): string {
  const { type, value } = cell;
  if (value === '' && cell.formula && type !== 'str' && type !== 'e') return cellFault(NO_STORED_VALUE);
  return readerOf(type)(cell, context);
}

const READERS: Readonly<Record<CellType, (cell: StoredCell, context: CellContext) => string>> = {
  s: ({ value }, { shared }) => textOf(shared[Number(value)] ?? ''),
  inlineStr: ({ value }) => textOf(value),
  str: ({ value }) => textOf(value),
  b: ({ value }) => (value === '' ? '' : String(/^(1|true)$/i.test(value))),
  e: ({ value }) => cellFault(`expected a value, got the error ${value.slice(0, 20)} of the workbook`),
  d: ({ value }) => value.replace(/T00:00(:00(\.0+)?)?Z?$/, ''),
  n: ({ value, kind }, { from1904 }) => numberText(value, kind, from1904),
};

/** Reads a cell of an unknown type as a number, whose text is kept. */
function readerOf(type: string): (cell: StoredCell, context: CellContext) => string {
  return Object.hasOwn(READERS, type) ? READERS[type as CellType] : READERS.n; // `hasOwn` has checked the key
}

const NO_STORED_VALUE =
  'expected a value, got a formula without a stored result; open the workbook, let it calculate, and save it';

function numberText(value: string, kind: NumberKind, from1904: boolean): string {
  const number = Number(value);
  if (value === '' || !Number.isFinite(number)) return value;
  if (kind === 'number') return plainNumber(number, value);
  if (kind === 'duration') return durationText(number);
  return dateText(number, kind, from1904) ?? plainNumber(number, value);
}

/** Resolves the escapes of control characters and marks line breaks, which a line of CSV cannot hold. */
function textOf(text: string): string {
  const resolved = text.includes('_x')
    ? text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
  const unmarked = MARKS.test(resolved) ? resolved.replaceAll(MARKS_ALL, '\ufffd') : resolved;
  return unmarked.replaceAll(/\r\n|\r|\n/g, LINE_BREAK);
}

const MARKS = /[\ufdd0\ufdd1]/;
const MARKS_ALL = /[\ufdd0\ufdd1]/g;

/**
 * Rounds to fifteen digits, which is what Excel shows, because it stores 0.1 + 0.2 with all its digits; writes numbers
 * without an exponent.
 */
function plainNumber(number: number, value: string): string {
  if (!/[eE]|\.\d{10,}/.test(value)) return value;
  const text = String(Number(number.toPrecision(15)));
  return text.includes('e') ? withoutExponent(text) : text;
}

function withoutExponent(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Day 0 of a calendar whose day 61 is 1 March 1900. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** Excel counts a 29 February 1900, which never was; the days before it are one later than the epoch tells. */
const FALSE_DAY = 60;
const LAST_YEAR = 9_999;

/** Returns `undefined` for a number that is no date of the calendar. */
function dateText(serial: number, kind: NumberKind, from1904: boolean): string | undefined {
  const all = Math.round(serial * DAY_MS);
  const day = Math.floor(all / DAY_MS);
  const time = all - day * DAY_MS;
  if (day < 0) return undefined;
  if (day === 0 && (kind === 'time' || (time > 0 && !from1904))) return clock(time);
  const date = dayText(day, from1904);
  return date === undefined || time === 0 ? date : `${date}T${clock(time)}`;
}

function dayText(day: number, from1904: boolean): string | undefined {
  if (from1904) return isoDay(EPOCH_1904, day);
  if (day === 0) return '1900-01-00';
  if (day === FALSE_DAY) return '1900-02-29';
  return isoDay(EPOCH_1900, day < FALSE_DAY ? day + 1 : day);
}

function isoDay(epoch: number, day: number): string | undefined {
  const date = new Date(epoch + day * DAY_MS);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > LAST_YEAR
    ? undefined
    : date.toISOString().slice(0, 10);
}

function durationText(days: number): string {
  const sign = days < 0 ? '-' : '';
  return sign + clock(Math.round(Math.abs(days) * DAY_MS));
}

/** Formats milliseconds as `36:00:00`, with a fraction of a second when there is one. */
function clock(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const fraction = ms % SECOND_MS;
  const shown = fraction === 0 ? '' : `.${String(fraction).padStart(3, '0')}`;
  return `${two(ms / HOUR_MS)}:${two((ms % HOUR_MS) / MINUTE_MS)}:${two((ms % MINUTE_MS) / SECOND_MS)}${shown}`;
}
