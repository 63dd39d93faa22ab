/** Reads the sums of an invoice from its labelled amounts and its lines. */
import { labelledAmounts, type LabelledAmount } from './amount-rows.ts';
import { add, compare, decimal, moneyText, type Decimal } from './amounts.ts';
import { confidence } from '../fields/candidates.ts';
import type { InvoiceDocument } from '../page/document.ts';
import type { ReadLines } from '../lines/lines.ts';
import type { Row } from '../page/layout.ts';
import type { Found } from '../port.ts';
import type { ReadRate } from '../taxes/rate-rows.ts';
import { settleSums, type RateSums, type Settled, type Sums } from './settle.ts';
import { amountSpans, type AmountSpan } from '../page/spans.ts';

function sumOf(lines: ReadLines): Decimal | undefined {
  const amounts = lines.lines.map((line) => line.amount);
  if (amounts.length === 0 || amounts.includes(undefined)) return undefined;
  return amounts.reduce<Decimal>((sum, amount) => (amount === undefined ? sum : add(sum, amount)), decimal(0n, 2));
}

/** Words of a heading that call amounts net. */
const NET_HEADING = /^(?:ohne|exkl|excl|excluding|ht|hors|netto|net|zonder|sin|escl|imponibile)\W?$/i;

/** Tells whether a heading of the table, a row without amounts, calls the amounts net. */
function areNet({ rows }: ReadLines): boolean {
  return [...rows].some(
    ({ tokens }) => tokens.some(({ text }) => NET_HEADING.test(text)) && !tokens.some(({ text }) => /\d/.test(text)),
  );
}

/** Accepts money without letters that were taken for digits: `B12345674` is a number of another kind. */
function isPlain(row: Row, span: AmountSpan): boolean {
  return (
    span.money &&
    !row.tokens.slice(span.start, span.end).some(({ text }) => /[A-Z]\d{4}/.test(text) && !text.includes('.'))
  );
}

/** Returns the largest amount of money, for invoices without any label. */
function largest(document: InvoiceDocument): LabelledAmount | undefined {
  let best: LabelledAmount | undefined;
  for (const row of document.layouts.flatMap((layout) => layout.rows)) {
    for (const span of amountSpans(row, document.decimalSign)) {
      if (!isPlain(row, span) || (best !== undefined && compare(span.value, best.value) <= 0)) continue;
      best = {
        kind: 'total',
        value: span.value,
        weight: 0.1,
        reading: 0.6,
        page: row.page,
        order: 1,
        tokens: row.tokens.slice(span.start, span.end),
      };
    }
  }
  return best;
}

/** Adds up several rates; their single rows would only be taken for sums of the whole invoice. */
function sumsOfRates(rates: readonly ReadRate[]): RateSums | undefined {
  const whole = rates.flatMap(({ base, amount }) =>
    base === undefined || amount === undefined ? [] : [{ base, amount }],
  );
  if (whole.length < 2 || whole.length < rates.length) return undefined;
  return whole.reduce((sum, rate) => ({ base: add(sum.base, rate.base), amount: add(sum.amount, rate.amount) }));
}

/** Reads the sums of an invoice. */
export function readSums(document: InvoiceDocument, lines: ReadLines, rates: readonly ReadRate[]): Sums {
  const rateSums = sumsOfRates(rates);
  const apart = new Set(rateSums === undefined ? [] : rates.map((rate) => rate.row));
  const amounts = labelledAmounts(document, new Set([...lines.rows, ...apart]));
  const lineSum = sumOf(lines);
  const sums = settleSums(amounts, { sum: lineSum, areNet: areNet(lines) }, rateSums);
  if (sums.total !== undefined || sums.untaxed?.source !== undefined) return sums;
  if (lineSum !== undefined) return { total: { value: lineSum, confidence: 0.4 } };
  const guess = largest(document);
  if (guess === undefined) return sums;
  return { ...sums, total: { value: guess.value, confidence: 0.3, source: guess } };
}

/** Returns the row that a sum was read from. */
export function rowOf(document: InvoiceDocument, settled: Settled | undefined): Row | undefined {
  const first = settled?.source?.tokens[0];
  if (first === undefined) return undefined;
  const layout = document.layouts.find((candidate) => candidate.page === settled?.source?.page);
  return layout?.rows.find((row) => row.tokens.includes(first));
}

/** Converts a sum for the port; a computed sum has no box and takes the page of the total. */
export function foundSum(settled: Settled | undefined, places: number, page: number): Found<string> | undefined {
  if (settled === undefined) return undefined;
  const box = settled.source?.box;
  return {
    value: moneyText(settled.value, places),
    confidence: confidence(settled.confidence),
    page: settled.source?.page ?? page,
    ...(box === undefined ? {} : { box }),
    ...(settled.source === undefined ? { computed: true } : {}),
  };
}
