/** Recognises the heading of a table and its columns. */
import { classifyAmountLabel } from '../amounts/amount-labels.ts';
import { COLUMN_LABELS, type ColumnKind } from '../fields/column-labels.ts';
import { overlap, type PageLayout, type Row, type Token } from './layout.ts';
import { findPhrases, type PhraseMatch } from './phrases.ts';
import { amountSpans } from './spans.ts';

/** A column of the table, after `price` and `item` were resolved. */
export interface Column {
  readonly kind: 'description' | 'quantity' | 'unitPrice' | 'amount' | 'taxRate' | 'other';
  readonly x0: number;
  readonly x1: number;
}

/** The heading of a table: its row, its lower edge, and its columns from left to right. */
export interface TableHead {
  readonly rowIndex: number;
  readonly lastRowIndex: number;
  readonly columns: readonly Column[];
}

/** Most words in a heading. */
const MOST_WORDS = 30;

interface Heading {
  readonly kind: ColumnKind;
  readonly x0: number;
  readonly x1: number;
}

function headingOf(kind: ColumnKind, tokens: readonly Token[]): Heading {
  return { kind, x0: Math.min(...tokens.map((token) => token.x0)), x1: Math.max(...tokens.map((token) => token.x1)) };
}

/** Returns the cells of a row whose text names no known column. */
function unknowns(row: Row, covered: ReadonlySet<Token>): Heading[] {
  return row.cells
    .filter((cell) => !cell.tokens.some((token) => covered.has(token)) && /\p{L}/u.test(cell.text))
    .map((cell) => headingOf('other', cell.tokens));
}

/** Recognises `rate` in `VAT rate`, which matches two headings but is one column unless its words stand well apart. */
function isSecondWord(heading: Heading, before: Heading, row: Row): boolean {
  return (before.kind === 'other' || before.kind === 'taxRate') && heading.x0 - before.x1 < 0.9 * row.letter;
}

/** Returns the headings of a row that name a known column. */
function named(row: Row, matches: readonly PhraseMatch<ColumnKind>[]): Heading[] {
  const lastOfCell = new Map<number, Heading>();
  const found: Heading[] = [];
  for (const match of matches) {
    const tokens = row.tokens.slice(match.start, match.end);
    const cell = tokens[0]?.cell ?? -1;
    const before = lastOfCell.get(cell);
    // The only heading in a cell takes the whole cell: `Amount (CHF)`.
    const alone = matches.filter((other) => row.tokens[other.start]?.cell === cell).length === 1;
    const heading = headingOf(match.kind, alone ? (row.cells[cell]?.tokens ?? tokens) : tokens);
    if (before !== undefined && isSecondWord(heading, before, row)) continue;
    lastOfCell.set(cell, heading);
    found.push(heading);
  }
  return found;
}

/** Returns the headings of a row when most of its words are headings. */
function headingsOf(row: Row): Heading[] | undefined {
  if (row.tokens.length > MOST_WORDS || row.cells.length < 2) return undefined;
  const matches = findPhrases(row.tokens, COLUMN_LABELS);
  const covered = new Set(matches.flatMap((match) => row.tokens.slice(match.start, match.end)));
  const words = row.tokens.filter((token) => /[\p{L}#]/u.test(token.text));
  if (covered.size < 0.5 * words.length) return undefined;
  return [...named(row, matches), ...unknowns(row, covered)].toSorted((a, b) => a.x0 - b.x0);
}

function has(headings: readonly Heading[], ...kinds: readonly ColumnKind[]): boolean {
  return headings.some((heading) => kinds.includes(heading.kind));
}

/** Tells whether a row has words followed by two amounts, which is what stands below a heading in unknown words. */
function isGoodsRow(row: Row | undefined): boolean {
  if (row === undefined || row.tokens.length > MOST_WORDS) return false;
  const spans = amountSpans(row).filter((span) => span.money);
  const words = row.tokens.slice(0, spans[0]?.start ?? 0);
  return (
    spans.length >= 2 && words.some((token) => /\p{L}{3}/u.test(token.text)) && classifyAmountLabel(words) === undefined
  );
}

/** Accepts a heading only with a column for the goods and a column for the money. */
function isTable(headings: readonly Heading[], next: Row | undefined): boolean {
  const goods =
    has(headings, 'description', 'item', 'quantity') ||
    (headings[0]?.kind === 'other' && headings.length >= 3 && isGoodsRow(next));
  const money = has(headings, 'amount', 'price', 'unitPrice');
  const certain = headings.filter((heading) => heading.kind !== 'other' && heading.kind !== 'taxRate').length;
  return goods && money && certain >= 2;
}

function kindOf(kind: ColumnKind, all: readonly Heading[]): Column['kind'] {
  if (kind === 'item') return has(all, 'description') ? 'other' : 'description';
  if (kind === 'price')
    return has(all, 'amount') && !has(all, 'unitPrice') ? 'unitPrice' : has(all, 'unitPrice') ? 'other' : 'amount';
  return kind;
}

/** Places the description in the widest gap left of the numbers when no heading names it. */
function withDescription(columns: readonly Column[]): Column[] {
  if (columns.some((column) => column.kind === 'description')) return [...columns];
  const text = columns.findIndex((column) => column.kind === 'other');
  if (text >= 0) return columns.map((column, index) => (index === text ? { ...column, kind: 'description' } : column));
  const first = columns[0];
  return first === undefined ? [] : [{ kind: 'description', x0: 0, x1: Math.max(0, first.x0 - 10) }, ...columns];
}

/** Merges a second row of the heading (`Unit` / `Price`), which stands close and holds no numbers. */
function mergeSecond(
  headings: readonly Heading[],
  second: Row | undefined,
  first: Row,
  layout: PageLayout,
): { headings: readonly Heading[]; merged: boolean } {
  if (
    second === undefined ||
    second.tokens.length > MOST_WORDS ||
    Math.abs(second.y0 - first.y0) > 2.2 * layout.wordHeight
  )
    return { headings, merged: false };
  if (second.tokens.some((token) => /\d/.test(token.text))) return { headings, merged: false };
  const matches = findPhrases(second.tokens, COLUMN_LABELS).filter((match) => match.kind !== 'item');
  if (matches.length === 0 || matches.length * 2 < second.cells.length) return { headings, merged: false };
  const additions = matches.map((match) => headingOf(match.kind, second.tokens.slice(match.start, match.end)));
  const changed = headings.map((heading) => {
    const over = additions.find((addition) => overlap(addition, heading) > 0);
    if (over === undefined) return heading;
    const better = heading.kind === 'other' || heading.kind === 'amount' ? over.kind : heading.kind;
    return { kind: better, x0: Math.min(over.x0, heading.x0), x1: Math.max(over.x1, heading.x1) };
  });
  const fresh = additions.filter((addition) => !headings.some((heading) => overlap(addition, heading) > 0));
  return { headings: [...changed, ...fresh].toSorted((a, b) => a.x0 - b.x0), merged: true };
}

/** Reads the heading on a row; returns `undefined` when the row holds none. */
export function tableHeadAt(layout: PageLayout, rowIndex: number): TableHead | undefined {
  const row = layout.rows[rowIndex];
  const own = row === undefined ? undefined : headingsOf(row);
  if (row === undefined || own === undefined) return undefined;
  if (row.tokens.some((token) => /\d[.,]\d{2}\b/.test(token.text))) return undefined;
  const { headings, merged } = mergeSecond(own, layout.rows[rowIndex + 1], row, layout);
  if (!isTable(headings, layout.rows[rowIndex + (merged ? 2 : 1)])) return undefined;
  const columns = headings.map((heading): Column => ({
    kind: kindOf(heading.kind, headings),
    x0: heading.x0,
    x1: heading.x1,
  }));
  return { rowIndex, lastRowIndex: merged ? rowIndex + 1 : rowIndex, columns: withDescription(columns) };
}
