/** Collects the labelled amounts of an invoice: total, net sum, tax, and the amounts between them. */
import { classifyAmountLabel, type AmountKind, type AmountLabel } from './amount-labels.ts';
import type { Decimal } from './amounts.ts';
import type { InvoiceDocument } from '../page/document.ts';
import { boxAround, cellAbove, meanConfidence, type PageLayout, type Row, type Token } from '../page/layout.ts';
import { amountSpans, type AmountSpan } from '../page/spans.ts';
import type { Box } from '../page/words.ts';

/** An amount with its label. */
export interface LabelledAmount {
  readonly kind: AmountKind;
  readonly value: Decimal;
  readonly weight: number;
  readonly reading: number;
  readonly page: number;
  /** Number of the row, counted through the whole document. */
  readonly order: number;
  readonly box?: Box;
  readonly tokens: readonly Token[];
  /** Percentage printed in the label. */
  readonly rate?: Decimal;
}

/** A row with more words than this is running text, not a label with its amount. */
const MOST_WORDS = 80;
const MOST_CELLS_LEFT = 4;
const MOST_ROWS_UP = 8;

/** Weight of a guessed label: it may complete a sum but never establish one. */
const GUESS = 0.35;

/**
 * Finds the label in the words left of an amount: the nearest cell with a known word, together with the words in
 * between.
 */
function labelLeft(tokens: readonly Token[]): AmountLabel | undefined {
  let start = tokens.length;
  for (let cells = 0; cells < MOST_CELLS_LEFT && start > 0; cells += 1) {
    const cell = tokens[start - 1]?.cell;
    while (start > 0 && tokens[start - 1]?.cell === cell) start -= 1;
    const label = classifyAmountLabel(tokens.slice(start));
    if (label !== undefined) return label;
  }
  return undefined;
}

/** Finds the heading above an amount; other amounts in the column do not hide it. */
function labelAbove(layout: PageLayout, rowIndex: number, span: AmountSpan): AmountLabel | undefined {
  let index = rowIndex;
  for (let step = 0; step < MOST_ROWS_UP; step += 1) {
    const above = cellAbove(layout, index, span);
    if (above === undefined) return undefined;
    const label = classifyAmountLabel(above.cell.tokens);
    const hasNumber = above.cell.tokens.some((token) => /\d/.test(token.text) && !token.text.includes('%'));
    if (label !== undefined && !hasNumber) return { kind: label.kind, weight: label.weight * 0.9 };
    if (!hasNumber) return undefined;
    index = above.rowIndex;
  }
  return undefined;
}

function hasWords(tokens: readonly Token[]): boolean {
  return tokens.some((token) => /\p{L}{2}/u.test(token.text));
}

interface Judged {
  readonly span: AmountSpan;
  readonly label: AmountLabel;
  /** True for the sum that a tax is computed from. */
  readonly isBase: boolean;
}

/** Selects the amounts of a row that can be money; whole numbers count only when the row has nothing else. */
function moneyOf(spans: readonly AmountSpan[]): readonly AmountSpan[] {
  const plain = spans.filter((span) => !span.percent);
  const money = plain.filter((span) => span.money);
  return money.length > 0 ? money : plain.slice(-1);
}

/**
 * Chooses the label of an amount; in a row of several amounts the heading above is more reliable than one word on the
 * left.
 */
function labelOf(
  layout: PageLayout,
  rowIndex: number,
  span: AmountSpan,
  left: AmountLabel | undefined,
  seen: { words: boolean; several: boolean },
): AmountLabel | undefined {
  const looksUp = seen.several || (left === undefined && !seen.words);
  return (looksUp ? labelAbove(layout, rowIndex, span) : undefined) ?? left;
}

/** Finds the label left of an amount, or takes that of the amount before it when no words stand between. */
function labelBetween(
  between: readonly Token[],
  isFirst: boolean,
  before: AmountLabel | undefined,
): AmountLabel | undefined {
  const words = hasWords(between);
  if (!isFirst && !words) return before;
  return labelLeft(between) ?? (words ? undefined : before);
}

/**
 * Guesses a tax from one unreadable word with a percentage (`ILV.A. 21 %`); the small weight leaves the decision to the
 * sums.
 */
function guessedTax(words: readonly Token[], spans: readonly AmountSpan[], span: AmountSpan): AmountLabel | undefined {
  const hasRate = spans.some((other) => other.percent && other.start < span.start);
  return hasRate && span.money && words.length <= 5 && hasLetters(words) ? { kind: 'tax', weight: GUESS } : undefined;
}

function hasLetters(tokens: readonly Token[]): boolean {
  return tokens.some((token) => /\p{L}/u.test(token.text));
}

function judge(layout: PageLayout, rowIndex: number, spans: readonly AmountSpan[]): Judged[] {
  const row = layout.rows[rowIndex];
  if (row === undefined) return [];
  const judged: Judged[] = [];
  const several = spans.filter((other) => other.money).length > 1;
  let left: AmountLabel | undefined;
  let from = 0;
  for (const span of moneyOf(spans)) {
    left = labelBetween(row.tokens.slice(from, span.start), from === 0, left);
    const before = row.tokens.slice(0, span.start);
    const label =
      labelOf(layout, rowIndex, span, left, { words: hasWords(before), several }) ?? guessedTax(before, spans, span);
    if (label !== undefined) judged.push({ span, label, isBase: false });
    from = span.end;
  }
  // In `19 % VAT on 118.00  22.42` the amount before the tax is the sum that it is computed from.
  return judged.map((entry, index) => ({
    ...entry,
    isBase: entry.label.kind === 'tax' && judged[index + 1]?.label === entry.label,
  }));
}

function rateOf(row: Row, spans: readonly AmountSpan[], until: number): Decimal | undefined {
  return spans.find((span) => span.percent && span.start < until && span.start < row.tokens.length)?.value;
}

function toLabelled(
  row: Row,
  spans: readonly AmountSpan[],
  { span, label, isBase }: Judged,
  order: number,
): LabelledAmount[] {
  const tokens = row.tokens.slice(span.start, span.end);
  const box = boxAround(tokens);
  const rate = rateOf(row, spans, span.start);
  const weight = label.weight * (span.money ? 1 : 0.5) * (isBase ? 0.3 : 1);
  const base = {
    kind: label.kind,
    reading: meanConfidence(tokens),
    page: row.page,
    order,
    tokens,
    ...(box === undefined ? {} : { box }),
    ...(rate === undefined ? {} : { rate }),
  };
  const asRead: LabelledAmount = { ...base, value: span.value, weight };
  return span.withCents === undefined ? [asRead] : [asRead, { ...base, value: span.withCents, weight: weight * 0.6 }];
}

/** Returns all labelled amounts outside the rows of the table, in reading order. */
export function labelledAmounts(document: InvoiceDocument, tableRows: ReadonlySet<Row>): LabelledAmount[] {
  const found: LabelledAmount[] = [];
  let order = 0;
  for (const layout of document.layouts) {
    layout.rows.forEach((row, rowIndex) => {
      order += 1;
      if (tableRows.has(row) || row.tokens.length > MOST_WORDS) return;
      const spans = amountSpans(row, document.decimalSign);
      if (spans.length === 0 || spans.length > 12) return;
      for (const judged of judge(layout, rowIndex, spans)) found.push(...toLabelled(row, spans, judged, order));
    });
  }
  return found;
}
