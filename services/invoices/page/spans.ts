/**
 * Finds the amounts in a row: joins the tokens of one number (`1 234,56`, `$ 4.11`, `12 .50`) and excludes percentages.
 */
import { parseAmount, repairDigits, type Decimal, type DecimalSign } from '../amounts/amounts.ts';
import { currencyOfMark } from '../amounts/currency-marks.ts';
import type { Row, Token } from './layout.ts';

/** A number of a row that covers the tokens from `start` up to but not including `end`. */
export interface AmountSpan {
  readonly value: Decimal;
  readonly start: number;
  readonly end: number;
  readonly x0: number;
  readonly x1: number;
  /** True when it was printed with decimals or a currency; a plain whole number is seldom money. */
  readonly money: boolean;
  readonly percent: boolean;
  /** The value if OCR dropped the decimal sign. */
  readonly withCents?: Decimal;
}

const NUMBER_SHAPE =
  /^[(+−–-]?[A-Z]{0,3}[$€£¥₹₩₺₽฿]?\s?[+−–-]?[\dOoQlI|][\dOoQlIiSB|.,'’]*[)−–-]?(?:[$€£¥₹₩₺₽฿]|[A-Z]{3}|%|[.,]-+)?[)]?[*]?$/;

function isNumberWord(token: Token): boolean {
  return token.text.length <= 32 && /\d/.test(token.text) && NUMBER_SHAPE.test(token.text);
}

function isCurrencyWord(token: Token | undefined): boolean {
  return token !== undefined && currencyOfMark(token.text) !== undefined;
}

/** Tells whether at most a space was printed between the two tokens. */
function touches(token: Token, next: Token, row: Row): boolean {
  return next.x0 - token.x1 < 1.1 * row.letter;
}

function continues(text: string, next: Token): boolean {
  if (/^[.,]\d{2}\W?$/.test(next.text)) return /\d$/.test(text);
  if (/\d[.,]$/.test(text)) return /^\d{2,3}(?:[.,]\d{2})?\W?$/.test(next.text);
  return (
    /(?:^|\D)\d{1,3}(?:[ .,']\d{3}){0,8}$/.test(text.slice(-40)) &&
    !/[.,]\d{2}$/.test(text) &&
    /^\d{3}(?:[.,]\d{2})?[€]?$/.test(next.text)
  );
}

function joinNext(text: string, next: Token): string {
  return /^[.,]/.test(next.text) || /[.,]$/.test(text) ? text + next.text : `${text} ${next.text}`;
}

interface Draft {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Reads the number at `i` with the tokens that continue it. */
function draftAt(row: Row, i: number): Draft | undefined {
  const first = row.tokens[i];
  if (first === undefined || !isNumberWord(first)) return undefined;
  let text = first.text;
  let end = i + 1;
  while (end - i < 5) {
    const [last, next] = [row.tokens[end - 1], row.tokens[end]];
    if (last === undefined || next === undefined || !touches(last, next, row) || !continues(text, next)) break;
    // `2 100,00` is usually a quantity and a price unless the whole parses as one number.
    const joined = joinNext(text, next);
    if (parseAmount(joined) === undefined) break;
    text = joined;
    end += 1;
  }
  return { text, start: i, end };
}

/** Extends a number by a separate minus or currency before or after it. */
function widen(draft: Draft, row: Row): { start: number; end: number; currency: boolean; negative: boolean } {
  let { start, end } = draft;
  let [currency, negative] = [false, false];
  for (let step = 0; step < 2; step += 1) {
    const token = row.tokens[start - 1];
    if (isCurrencyWord(token)) currency = true;
    else if (isMinusWithCurrency(token)) currency = negative = true;
    else if (isMinusBefore(row, start)) negative = true;
    else break;
    start -= 1;
  }
  const after = row.tokens[end];
  if (isCurrencyWord(after) && after?.cell === row.tokens[end - 1]?.cell) {
    currency = true;
    end += 1;
  }
  return { start, end, currency, negative };
}

/** Recognises a minus and a currency before a number, printed as one word: `-€ 48,00`. */
function isMinusWithCurrency(token: Token | undefined): boolean {
  return token !== undefined && /^[−–-]/.test(token.text) && currencyOfMark(token.text.slice(1)) !== undefined;
}

/** Takes a separate dash for a minus when it opens its cell or stands beside a currency. */
function isMinusBefore(row: Row, start: number): boolean {
  const [before, token, first] = [row.tokens[start - 2], row.tokens[start - 1], row.tokens[start]];
  if (token === undefined || !/^[−–-]$/.test(token.text) || token.cell !== first?.cell) return false;
  return before?.cell !== token.cell || isCurrencyWord(first) || isCurrencyWord(before);
}

function isPercent(bare: string, draft: Draft, row: Row): boolean {
  const next = row.tokens[draft.end];
  return bare.endsWith('%') || (next?.text.startsWith('%') === true && next.cell === row.tokens[draft.end - 1]?.cell);
}

/** Tells whether OCR may have dropped a decimal sign: several digits without any separator. */
function isBareWhole(bare: string, value: Decimal): boolean {
  const digits = repairDigits(bare).replaceAll(/\D/g, '');
  return value.scale === 0 && digits.length >= 3 && !/\d[.,'’ ]\d/.test(bare);
}

function isMoney(draft: Draft, value: Decimal, currency: boolean): boolean {
  return currency || value.scale === 2 || /[^\d.,'’ %()−–+-]/.test(draft.text.replaceAll(/[OolI|]/g, ''));
}

function toSpan(draft: Draft, row: Row, hint: DecimalSign | undefined): AmountSpan | undefined {
  const bare = draft.text.replace(/[*]$/, '').replace(/^\((.*%)\)$/, '$1');
  const percent = isPercent(bare, draft, row);
  const value = parseAmount(bare.replace(/%$/, ''), hint);
  if (value === undefined) return undefined;
  const wide = percent ? { ...draft, currency: false, negative: false } : widen(draft, row);
  const tokens = row.tokens.slice(wide.start, wide.end);
  const units = wide.negative && value.units > 0n ? -value.units : value.units;
  return {
    value: { units, scale: value.scale },
    start: wide.start,
    end: wide.end,
    x0: Math.min(...tokens.map((token) => token.x0)),
    x1: Math.max(...tokens.map((token) => token.x1)),
    money: !percent && isMoney(draft, value, wide.currency),
    percent,
    ...(isBareWhole(bare, value) ? { withCents: { units, scale: 2 } } : {}),
  };
}

/** Returns the numbers of a row from left to right. */
export function amountSpans(row: Row, hint?: DecimalSign): AmountSpan[] {
  const spans: AmountSpan[] = [];
  let i = 0;
  while (i < row.tokens.length) {
    const draft = draftAt(row, i);
    const span = draft === undefined ? undefined : toSpan(draft, row, hint);
    if (span === undefined) {
      i += 1;
      continue;
    }
    spans.push(span);
    i = Math.max(span.end, i + 1);
  }
  return spans;
}
