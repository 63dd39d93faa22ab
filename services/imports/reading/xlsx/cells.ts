/** Converts the cells of a sheet to text. */
import { DAY_MS } from '../../../../contracts/values/units.ts';

/** How a cell stores its value: shared text, inline text, text of a formula, boolean, error, date or number. */
export type CellType = 's' | 'inlineStr' | 'str' | 'b' | 'e' | 'd' | 'n';

/** Returns the value of a cell as text: numbers unchanged, dates as `2026-01-31`, with the time when there is one. */
export function cellText(type: CellType, value: string, isDate: boolean, shared: readonly string[]): string {
  if (type === 's') return shared[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'true' : 'false';
  if (type === 'd') return value.replace(/T00:00(:00(\.0+)?)?Z?$/, '');
  if (type !== 'n' || value === '') return value;
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  return isDate ? dateText(number) : plainNumber(number, value);
}

/** Rounds to fifteen digits, which is what Excel shows, because it stores 0.1 + 0.2 with all its digits. */
function plainNumber(number: number, value: string): string {
  return /[eE]|\.\d{10,}/.test(value) ? String(Number(number.toPrecision(15))) : value;
}

/** Day 0 of Excel's calendar, shifted by one because Excel counts a 29 February 1900. */
const EPOCH = Date.UTC(1899, 11, 30);

function dateText(serial: number): string {
  const date = new Date(EPOCH + Math.round(serial * DAY_MS));
  if (Number.isNaN(date.getTime())) return String(serial);
  const text = date.toISOString();
  if (serial < 1) return text.slice(11, 19);
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19);
}

/** Tells whether a number format shows dates or times (ECMA-376, 18.8.30). */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return (id >= 14 && id <= 22) || (id >= 45 && id <= 47);
  // Quoted text, colours and conditions are not parts of a date.
  return /[ymdhs]/i.test(code.replaceAll(/"[^"]*"|\[[^[\]]*\]|\\./g, '')) && !/^general$/i.test(code);
}
