/**
 * Exact decimal numbers as invoices print them. A number is an integer count of units plus a count of decimals, because
 * floats would round.
 */

import { CURRENCY_CODES } from './currency-marks.ts';
import { withoutEnd } from '../../../contracts/values/text.ts';

/** An exact decimal number with the value `units / 10 ** scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** The character that a document prints before decimals. */
export type DecimalSign = '.' | ',';

/** Longest text that can be an amount, in characters; the bound keeps parsing linear on odd input. */
const LONGEST_AMOUNT = 40;

const CODES = CURRENCY_CODES.join('|');
const CURRENCY_MARK = new RegExp(`^(?:[A-Z]{0,3}[$€£¥₹₩₺₽฿₫₪]|${CODES}|Fr\\.|kr\\.?|zł|Kč|Ft)\\s*`);
const CURRENCY_MARK_AFTER = new RegExp(`\\s*(?:[$€£¥₹₩₺₽฿₫₪][A-Z]{0,2}|${CODES}|Fr\\.|kr\\.?|zł|Kč|Ft|,-+|\\.-+)$`);

const LOOK_ALIKES: Readonly<Record<string, string>> = {
  O: '0',
  o: '0',
  Q: '0',
  D: '0',
  l: '1',
  I: '1',
  '|': '1',
  i: '1',
  S: '5',
  s: '5',
  B: '8',
  Z: '2',
};

function pow10(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/** Makes a decimal of whole units, for example `decimal(1250n, 2)` for 12.50. */
export function decimal(units: bigint, scale: number): Decimal {
  return { units, scale };
}

function unitsAt(value: Decimal, scale: number): bigint {
  return value.units * pow10(scale - value.scale);
}

/** Adds exactly. */
export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
}

/** Changes the sign. */
export function negate(a: Decimal): Decimal {
  return { units: -a.units, scale: a.scale };
}

/** Subtracts exactly. */
export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, negate(b));
}

/** Multiplies exactly. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** Divides `a` by `b`; returns `undefined` unless the quotient is a whole number. */
export function wholeQuotient(a: Decimal, b: Decimal): Decimal | undefined {
  const scale = Math.max(a.scale, b.scale);
  const [dividend, divisor] = [unitsAt(a, scale), unitsAt(b, scale)];
  if (divisor === 0n || dividend % divisor !== 0n) return undefined;
  return { units: dividend / divisor, scale: 0 };
}

/** Compares for sorting: negative, zero or positive. */
export function compare(a: Decimal, b: Decimal): number {
  const difference = subtract(a, b).units;
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/** Tells whether two amounts differ by at most `cents` hundredths, because every printed amount is rounded. */
export function near(a: Decimal, b: Decimal, cents = 1n): boolean {
  const difference = subtract(a, b);
  const size = difference.units < 0n ? -difference.units : difference.units;
  return compare({ units: size, scale: difference.scale }, { units: cents, scale: 2 }) <= 0;
}

function digitsOf(value: Decimal): { sign: string; whole: string; fraction: string } {
  const size = value.units < 0n ? -value.units : value.units;
  const digits = size.toString().padStart(value.scale + 1, '0');
  const cut = digits.length - value.scale;
  return { sign: value.units < 0n ? '-' : '', whole: digits.slice(0, cut), fraction: digits.slice(cut) };
}

/** Formats an amount of money with at least `places` decimals: `12.50`, `0.0125`. */
export function moneyText(value: Decimal, places = 2): string {
  const { sign, whole, fraction } = digitsOf(value);
  const kept = withoutEnd(fraction, /0/).padEnd(places, '0');
  return kept === '' ? `${sign}${whole}` : `${sign}${whole}.${kept}`;
}

/** Formats a number without trailing zeros: `2`, `2.5`. */
export function numberText(value: Decimal): string {
  return moneyText(value, 0);
}

/** Replaces letters that OCR reads for digits where the rest of the word is a number. */
export function repairDigits(text: string): string {
  if (text.length > LONGEST_AMOUNT || !/\d/.test(text) || !/[A-Za-z|]/.test(text)) return text;
  if (!/^[\dOoQDlIi|SsBZ.,'’ +−()-]+$/.test(text)) return text;
  const letters = text.replaceAll(/[^A-Za-z|]/g, '').length;
  const digits = text.replaceAll(/\D/g, '').length;
  if (letters > digits + 2 || letters > 3) return text;
  return text.replaceAll(/[A-Za-z|]/g, (letter) => LOOK_ALIKES[letter] ?? letter);
}

interface Split {
  readonly whole: string;
  readonly fraction: string;
}

/** Accepts groups of three digits, or Indian groups of two before a last group of three. */
function isGrouped(groups: readonly string[]): boolean {
  const [first, ...rest] = groups;
  if (first === undefined || first === '' || first.length > 3 || rest.length === 0) return false;
  if (rest.at(-1)?.length !== 3) return false;
  return rest.every((group) => group.length === 3) || rest.slice(0, -1).every((group) => group.length === 2);
}

/** Handles a sign that OCR misread: 1.234.56 is 1,234.56. */
function splitRepeated(groups: readonly string[]): Split | undefined {
  if (isGrouped(groups)) return { whole: groups.join(''), fraction: '' };
  const last = groups.at(-1) ?? '';
  const rest = groups.slice(0, -1);
  return last.length === 2 && isGrouped(rest) ? { whole: rest.join(''), fraction: last } : undefined;
}

/** Counts the digits after the only sign that are thousands rather than decimals. */
function thousandsBehind(before: string, behind: string, signIsDecimal: boolean, hinted: boolean): 0 | 3 {
  if (signIsDecimal || !/^[1-9]\d{0,2}$/.test(before)) return 0;
  if (behind.length === 3) return 3;
  // With a decimal comma, 1.23456 is 1,234.56 whose comma OCR lost.
  return behind.length === 5 && hinted ? 3 : 0;
}

function splitOneSign(body: string, sign: string, hint: DecimalSign | undefined): Split | undefined {
  const groups = body.split(sign);
  if (groups.length > 2) return splitRepeated(groups);
  const [before = '', behind = ''] = groups;
  const cut = thousandsBehind(before, behind, hint === sign, hint !== undefined);
  return { whole: (before === '' ? '0' : before) + behind.slice(0, cut), fraction: behind.slice(cut) };
}

function splitNumber(body: string, hint: DecimalSign | undefined): Split | undefined {
  const lastDot = body.lastIndexOf('.');
  const lastComma = body.lastIndexOf(',');
  if (lastDot < 0 && lastComma < 0) return { whole: body, fraction: '' };
  if (lastDot < 0 || lastComma < 0) return splitOneSign(body, lastDot < 0 ? ',' : '.', hint);
  const cut = Math.max(lastDot, lastComma);
  const sign = body[cut] ?? '.';
  const other = sign === '.' ? ',' : '.';
  const groups = body.slice(0, cut).split(other);
  if (groups.some((group) => !/^\d+$/.test(group)) || !isGrouped(groups)) return undefined;
  return { whole: groups.join(''), fraction: body.slice(cut + 1) };
}

function joinSpaced(body: string): string | undefined {
  const parts = body.split(/[\s'’]+/);
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return body;
  const proper =
    /^\d{1,3}$/.test(first) &&
    rest.every((part, index) => (index === rest.length - 1 ? /^\d{3}(?:[.,]\d*)?$/ : /^\d{3}$/).test(part));
  return proper ? parts.join('') : undefined;
}

function stripMarks(text: string): { body: string; negative: boolean } {
  let body = text.trim().replaceAll('−', '-').replaceAll('–', '-');
  let negative = false;
  const take = (pattern: RegExp): void => {
    if (!pattern.test(body)) return;
    negative = true;
    body = body.replace(pattern, '').trim();
  };
  if (body.startsWith('(') && body.endsWith(')')) {
    negative = true;
    body = body.slice(1, -1).trim();
  }
  // `12,-` is twelve and `12-` is minus twelve.
  body = body.replace(/[.,]-+$/, '');
  take(/^-/);
  take(/-$/);
  body = body.replace(/^\+/, '').replace(CURRENCY_MARK, '');
  take(/^-/);
  body = body.replace(CURRENCY_MARK_AFTER, '').trim();
  take(/-$/);
  return { body, negative };
}

/**
 * Parses one printed amount: `1,234.56`, `1.234,56`, `1 234,56`, `1'234.56`, with currency signs, with a minus before
 * or after it, or in parentheses. `hint` is the decimal sign of the document; it decides `1.234`, which is a thousand
 * when the hint is a comma or absent.
 */
export function parseAmount(text: string, hint?: DecimalSign): Decimal | undefined {
  if (text.length > LONGEST_AMOUNT) return undefined;
  const marks = stripMarks(text);
  const body = joinSpaced(repairDigits(marks.body).trim());
  if (body === undefined || !/^[\d.,]*\d$/.test(body)) return undefined;
  const split = splitNumber(body, hint);
  if (split === undefined || !/^\d+$/.test(split.whole) || !/^\d*$/.test(split.fraction)) return undefined;
  const units = BigInt(split.whole + split.fraction);
  return { units: marks.negative ? -units : units, scale: split.fraction.length };
}
