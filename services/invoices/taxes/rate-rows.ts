/** Reads rows that state a tax rate with the sum that it applies to and the tax, whatever their headings are called. */
import { classifyAmountLabel } from '../amounts/amount-labels.ts';
import { compare, decimal, multiply, near, numberText, type Decimal, type DecimalSign } from '../amounts/amounts.ts';
import type { InvoiceDocument } from '../page/document.ts';
import type { Row } from '../page/layout.ts';
import { amountSpans, type AmountSpan } from '../page/spans.ts';

/** Highest rate of a value added tax or sales tax, in percent. */
const HIGHEST_RATE = decimal(35n, 0);
const MOST_WORDS = 60;
const MOST_NUMBERS = 10;

/** A rate with its sums, and how sure they are, 0 to 1. */
export interface ReadRate {
  readonly rate: Decimal;
  readonly base?: Decimal;
  readonly amount?: Decimal;
  readonly row: Row;
  readonly score: number;
}

/** Tells whether a number can be the rate of a tax. */
export function isRate(value: Decimal): boolean {
  return value.units >= 0n && compare(value, HIGHEST_RATE) <= 0;
}

/** Computes the tax of a sum. */
export function taxOf(base: Decimal, rate: Decimal): Decimal {
  return multiply(base, { units: rate.units, scale: rate.scale + 2 });
}

/** Finds two sums of which the second is the tax of the first; a tax of nothing needs a printed percent sign. */
function sumsOf(rate: AmountSpan, spans: readonly AmountSpan[]): { base: Decimal; amount: Decimal } | undefined {
  const money = spans.filter((span) => span !== rate && !span.percent);
  for (const base of money) {
    const fits = (tax: AmountSpan): boolean => tax !== base && near(taxOf(base.value, rate.value), tax.value);
    const tax = money.find(
      (span) => fits(span) && (span.value.units !== 0n || rate.percent) && base.value.units !== 0n,
    );
    if (tax !== undefined && (base.money || tax.money)) return { base: base.value, amount: tax.value };
  }
  return undefined;
}

/** Reads a row that names a tax with its rate and one amount, such as `VAT 20 %  90.00`. */
function labelledRate(row: Row, spans: readonly AmountSpan[]): ReadRate | undefined {
  const rate = spans.find((span) => span.percent && isRate(span.value));
  const amount = spans.findLast((span) => !span.percent && span.money);
  if (rate === undefined || amount === undefined || rate.start > amount.start) return undefined;
  const label = classifyAmountLabel(row.tokens.slice(0, amount.start).filter(({ text }) => /\p{L}/u.test(text)));
  return label?.kind === 'tax' ? { rate: rate.value, amount: amount.value, row, score: 0.85 } : undefined;
}

/** Tells whether the words of a row name a discount, a payment or another percentage that is no tax. */
function isNoTax(row: Row): boolean {
  const label = classifyAmountLabel(row.tokens.filter(({ text }) => /\p{L}/u.test(text)));
  return label?.kind === 'adjustment' || label?.kind === 'paid' || label?.kind === 'withheld';
}

/** Reads the rate of a row outside the table of goods. */
function rateOfRow(row: Row, sign: DecimalSign | undefined): ReadRate | undefined {
  if (row.tokens.length > MOST_WORDS || isNoTax(row)) return undefined;
  const spans = amountSpans(row, sign).slice(0, MOST_NUMBERS);
  const rates = spans.filter((span) => isRate(span.value) && (span.percent || span.value.scale < 3));
  for (const rate of rates.toSorted((a, b) => Number(b.percent) - Number(a.percent))) {
    const sums = rate.percent || spans.length >= 3 ? sumsOf(rate, spans) : undefined;
    if (sums !== undefined) return { rate: rate.value, ...sums, row, score: rate.percent ? 0.95 : 0.8 };
  }
  return labelledRate(row, spans);
}

/** Keeps one entry for each rate: the one with more sums, at its first place. */
function merge(rates: readonly ReadRate[]): ReadRate[] {
  const merged = new Map<string, ReadRate>();
  for (const rate of rates) {
    const key = numberText(rate.rate);
    const before = merged.get(key);
    if (before === undefined || (before.base === undefined && rate.base !== undefined)) merged.set(key, rate);
  }
  return [...merged.values()];
}

/** Reads the rates outside the table of goods, in printed order. */
export function readRates(document: InvoiceDocument, tableRows: ReadonlySet<Row>): ReadRate[] {
  const rows = document.layouts.flatMap((layout) => layout.rows).filter((row) => !tableRows.has(row));
  return merge(rows.map((row) => rateOfRow(row, document.decimalSign)).filter((rate) => rate !== undefined));
}

/** Tells whether a row is part of a table of rates: a rate, its base and its tax, and no words. */
export function isRateRow(row: Row, sign: DecimalSign | undefined): boolean {
  if (row.tokens.length > MOST_WORDS || row.tokens.some(({ text }) => /\p{L}{4}/u.test(text))) return false;
  return rateOfRow(row, sign)?.base !== undefined;
}
