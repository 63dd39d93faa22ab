/**
 * Reads the lines of an invoice without a table: rows of equal indentation, each a text and an amount, that add up to
 * its sum.
 */
import { classifyAmountLabel } from '../amounts/amount-labels.ts';
import { add, decimal, moneyText, near, type Decimal } from '../amounts/amounts.ts';
import { confidence, weighReading } from '../fields/candidates.ts';
import type { InvoiceDocument } from './document.ts';
import { boxAround, meanConfidence, textOf, type PageLayout, type Row } from './layout.ts';
import type { ReadLine } from '../lines/lines.ts';
import { amountSpans, type AmountSpan } from './spans.ts';

interface PlainRow {
  readonly row: Row;
  readonly span: AmountSpan;
  readonly left: number;
}

/** Most rows of a list that is searched, because the search is quadratic. */
const MOST_ROWS = 60;
const MOST_WORDS = 40;

/** Accepts a row that ends with its only amount and does not begin with the label of a sum. */
function plainRow(row: Row, document: InvoiceDocument): PlainRow | 'sum' | undefined {
  const span = row.tokens.length > MOST_WORDS ? undefined : onlyAmountAtEnd(row, document);
  const first = row.tokens[0];
  if (span === undefined || first === undefined) return undefined;
  const words = row.tokens.slice(0, span.start);
  if (!words.some((token) => /\p{L}{2}/u.test(token.text))) return undefined;
  const label = classifyAmountLabel(words);
  if (label === undefined || label.weight <= 0.5) return { row, span, left: first.x0 };
  return label.kind === 'total' || label.kind === 'due' ? 'sum' : undefined;
}

function onlyAmountAtEnd(row: Row, document: InvoiceDocument): AmountSpan | undefined {
  const spans = amountSpans(row, document.decimalSign).filter((span) => span.money);
  return spans.length === 1 && spans[0]?.end === row.tokens.length ? spans[0] : undefined;
}

/** Groups rows by indentation; a total ends a group. */
function groups(layout: PageLayout, document: InvoiceDocument): PlainRow[][] {
  const found: PlainRow[][] = [];
  let open = new Map<number, PlainRow[]>();
  for (const row of layout.rows) {
    const plain = plainRow(row, document);
    if (plain === 'sum') {
      found.push(...open.values());
      open = new Map();
    } else if (plain !== undefined) {
      const indent = [...open.keys()].find((left) => Math.abs(left - plain.left) < plain.row.letter) ?? plain.left;
      const group = open.get(indent) ?? [];
      group.push(plain);
      open.set(indent, group);
    }
  }
  return [...found, ...open.values()].map((group) => group.slice(0, MOST_ROWS));
}

/** Counts different texts, because sub-items with equal texts also add up but describe less. */
function distinct(group: readonly PlainRow[]): number {
  return new Set(group.map(({ row, span }) => textOf(row.tokens.slice(0, span.start)))).size;
}

function sumsTo(group: readonly PlainRow[], goal: Decimal): readonly PlainRow[] {
  let best: readonly PlainRow[] = [];
  for (let start = 0; start < group.length; start += 1) {
    let sum = decimal(0n, 2);
    for (let end = start; end < group.length; end += 1) {
      const next = group[end];
      if (next === undefined) break;
      sum = add(sum, next.span.value);
      const candidate = group.slice(start, end + 1);
      if (near(sum, goal, 0n) && distinct(candidate) > distinct(best)) best = candidate;
    }
  }
  return best;
}

function toLine({ row, span }: PlainRow, places: number): ReadLine {
  const words = row.tokens.slice(0, span.start);
  const box = boxAround(row.tokens);
  const value = { description: textOf(words), amount: moneyText(span.value, places) };
  return {
    found: {
      value,
      confidence: confidence(weighReading(0.6, meanConfidence(row.tokens))),
      page: row.page,
      ...(box === undefined ? {} : { box }),
    },
    amount: span.value,
  };
}

/** Returns the longest list that adds up to one of the goals; used when no table was found. */
export function readPlainLines(document: InvoiceDocument, goals: readonly Decimal[], places: number): ReadLine[] {
  const lists = document.layouts
    .flatMap((layout) => groups(layout, document))
    .flatMap((group) => goals.map((goal) => sumsTo(group, goal)));
  const best = lists.reduce<readonly PlainRow[]>((top, list) => (distinct(list) > distinct(top) ? list : top), []);
  return best.map((plain) => toLine(plain, places));
}
