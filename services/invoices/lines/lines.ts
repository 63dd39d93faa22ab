/** Reads the lines of an invoice: the rows between the heading of the table and the sums. */
import { classifyAmountLabel, type AmountKind } from '../amounts/amount-labels.ts';
import { moneyText, numberText, type Decimal } from '../amounts/amounts.ts';
import { confidence, weighReading } from '../fields/candidates.ts';
import { tableHeadAt, type Column, type TableHead } from '../page/columns.ts';
import type { InvoiceDocument } from '../page/document.ts';
import { boxAround, meanConfidence, textOf, type PageLayout, type Row, type Token } from '../page/layout.ts';
import type { Found, InvoiceLine } from '../port.ts';
import { isRateRow } from '../taxes/rate-rows.ts';
import { readTableRow, type TableRow } from './table-rows.ts';

/** A line with the exact numbers that it was made of. */
export interface ReadLine {
  readonly found: Found<InvoiceLine>;
  readonly amount?: Decimal;
}

/** Lines, and the rows of the table with its heading; these rows hold neither sums nor names. */
export interface ReadLines {
  readonly lines: readonly ReadLine[];
  readonly rows: ReadonlySet<Row>;
}

/** Largest gap between a row and its continuation, in heights of a word. */
const CONTINUATION_GAP = 1.5;
/** Empty space that ends a table, in heights of a word. */
const TABLE_GAP = 14;

interface Draft {
  readonly page: number;
  readonly numbers: TableRow;
  readonly parts: (readonly Token[])[];
  readonly tokens: Token[];
  y1: number;
}

/** Returns which sum a row holds when its words are the label of one. */
function sumKind(row: Row, columns: readonly Column[], read: TableRow): AmountKind | undefined {
  const words = row.tokens.filter((token) => /\p{L}/u.test(token.text));
  if (words.length === 0 || words.length > 12 || !read.hasMoney) return undefined;
  const label = classifyAmountLabel(words);
  if (label === undefined || label.weight < 0.5) return undefined;
  // `Shipping` with a quantity and a price is an ordinary line.
  const goods =
    label.kind === 'adjustment' || label.kind === 'paid'
      ? read.quantity !== undefined || startsWithText(row, columns)
      : read.agrees;
  return goods ? undefined : label.kind;
}

/** Tells whether the row begins where descriptions begin. */
function startsWithText(row: Row, columns: readonly Column[]): boolean {
  const description = columns.find((column) => column.kind === 'description');
  const first = row.tokens.find((token) => /\p{L}/u.test(token.text));
  return description !== undefined && first !== undefined && Math.abs(first.x0 - description.x0) < 3 * row.letter;
}

function isItem(read: TableRow): boolean {
  return read.amount !== undefined || (read.unitPrice !== undefined && read.quantity !== undefined);
}

/** Tells whether a row continues the description above it: near enough, and without any other cell. */
function continuesItem(row: Row, read: TableRow, columns: readonly Column[], y1: number, layout: PageLayout): boolean {
  if (read.description.length === 0 || row.y0 - y1 > CONTINUATION_GAP * layout.wordHeight) return false;
  const description = columns.find((column) => column.kind === 'description');
  const [first, last] = [read.description[0], read.description.at(-1)];
  if (description === undefined || first === undefined || last === undefined) return false;
  const rest = row.tokens.filter((token) => !read.description.includes(token) && /[\p{L}\d]/u.test(token.text));
  const next = columns.filter((column) => column.x0 > description.x1).map((column) => column.x0);
  const aligned = first.x0 > description.x0 - 4 * row.letter;
  return aligned && rest.length === 0 && first.x0 < Math.min(...next, 1000) && row.cells.length <= 2;
}

function printedNumbers(
  { quantity, unitPrice, amount, taxRate }: TableRow,
  places: number,
): Omit<InvoiceLine, 'description'> {
  return {
    ...(quantity === undefined ? {} : { quantity: numberText(quantity) }),
    ...(unitPrice === undefined ? {} : { unitPrice: moneyText(unitPrice, places) }),
    ...(amount === undefined ? {} : { amount: moneyText(amount, places) }),
    ...(taxRate === undefined ? {} : { taxRate: numberText(taxRate) }),
  };
}

function toLine(draft: Draft, places: number): ReadLine | undefined {
  const { amount, agrees } = draft.numbers;
  const description = draft.parts
    .map(textOf)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n');
  if (description === '' && !agrees) return undefined;
  const value: InvoiceLine = { description, ...printedNumbers(draft.numbers, places) };
  const score = (agrees ? 0.97 : 0.75) - (description === '' ? 0.3 : 0);
  const box = boxAround(draft.tokens);
  const found = {
    value,
    confidence: confidence(weighReading(score, meanConfidence(draft.tokens))),
    page: draft.page,
    ...(box === undefined ? {} : { box }),
  };
  return { found, ...(amount === undefined ? {} : { amount }) };
}

interface Walk {
  readonly layout: PageLayout;
  readonly columns: readonly Column[];
  readonly drafts: Draft[];
  readonly rows: Set<Row>;
  /** Text of a description whose numbers stand further down. */
  pending: { tokens: readonly Token[]; row: Row }[];
  open: boolean;
}

function startItem(walk: Walk, row: Row, read: TableRow): void {
  const waiting = read.description.length === 0 ? walk.pending : [];
  for (const { row: before } of waiting) walk.rows.add(before);
  const parts = [...waiting.map((part) => part.tokens), read.description];
  walk.drafts.push({
    page: row.page,
    numbers: read,
    parts,
    tokens: [...waiting.flatMap((part) => part.tokens), ...row.tokens],
    y1: row.y1,
  });
  walk.rows.add(row);
  walk.pending = [];
  walk.open = true;
}

function takeText(walk: Walk, row: Row, read: TableRow): void {
  const last = walk.drafts.at(-1);
  if (walk.open && last !== undefined && continuesItem(row, read, walk.columns, last.y1, walk.layout)) {
    last.parts.push(read.description);
    last.tokens.push(...read.description);
    last.y1 = row.y1;
    walk.rows.add(row);
    return;
  }
  walk.open = false;
  walk.pending = read.description.length > 0 ? [...walk.pending.slice(-2), { tokens: read.description, row }] : [];
}

/** Takes a row as a new item or as more text of the item before; returns whether the row belongs to the table. */
function takeRow(walk: Walk, row: Row, read: TableRow): boolean {
  if (isItem(read)) startItem(walk, row, read);
  else takeText(walk, row, read);
  return walk.open;
}

interface RowBelow {
  readonly row: Row;
  readonly read: TableRow;
}

/** Where a table ends, and whether a sum ended it; a table without a sum may continue on the next page. */
interface TableEnd {
  readonly index: number;
  readonly closed: boolean;
}

/** Reads a row as part of the table; returns `undefined` when a gap or another kind of row ends the table above it. */
function readBelow(
  walk: Walk,
  row: Row | undefined,
  bottom: number,
  sign: InvoiceDocument['decimalSign'],
): RowBelow | undefined {
  if (row === undefined || row.y0 - bottom > TABLE_GAP * walk.layout.wordHeight) return undefined;
  const read = readTableRow(row, walk.columns, sign);
  return read === undefined ? undefined : { row, read };
}

/** Returns which sum a row holds that may end the table; a row of a table of rates counts as a tax. */
function endAt(row: Row, read: TableRow, { drafts, columns }: Walk, document: InvoiceDocument): AmountKind | undefined {
  if (isRateRow(row, document.decimalSign) && !read.agrees) return 'tax';
  return drafts.length > 0 || isItem(read) ? sumKind(row, columns, read) : undefined;
}

/** Sums that end a table for good, because what stands below them was not sold. */
const LAST_SUMS: ReadonlySet<AmountKind> = new Set(['tax', 'due', 'withheld', 'paid']);
/** Rows searched below a subtotal for further items. */
const ROWS_BELOW_SUM = 12;

/** Tells whether items stand below a sum: a row with quantity, price and amount that agree, before any tax or total to pay. */
function goesOnBelow(
  layout: PageLayout,
  index: number,
  end: AmountKind,
  { columns }: Walk,
  document: InvoiceDocument,
): boolean {
  if (LAST_SUMS.has(end)) return false;
  for (const row of layout.rows.slice(index + 1, index + 1 + ROWS_BELOW_SUM)) {
    const read = readTableRow(row, columns, document.decimalSign);
    if (read === undefined) return false;
    const sum = sumKind(row, columns, read);
    if ((sum !== undefined && LAST_SUMS.has(sum)) || isRateRow(row, document.decimalSign)) return false;
    if (sum === undefined && read.agrees && startsLikeItem(row, columns, read)) return true;
  }
  return false;
}

/** Tells whether words stand in the column of the description. */
function startsLikeItem(row: Row, columns: readonly Column[], read: TableRow): boolean {
  const first = read.description.find((token) => /\p{L}/u.test(token.text));
  const description = columns.find((column) => column.kind === 'description');
  return first !== undefined && description !== undefined && first.x0 < description.x1 + 3 * row.letter;
}

/** Reads the rows below a heading. */
function walkTable(
  layout: PageLayout,
  head: TableHead,
  document: InvoiceDocument,
  drafts: Draft[],
  rows: Set<Row>,
): TableEnd {
  const walk: Walk = { layout, columns: head.columns, drafts, rows, pending: [], open: false };
  let bottom = layout.rows[head.lastRowIndex]?.y1 ?? 0;
  let index = head.lastRowIndex + 1;
  for (; index < layout.rows.length; index += 1) {
    const below = readBelow(walk, layout.rows[index], bottom, document.decimalSign);
    if (below === undefined) break;
    const { row, read } = below;
    const sum = endAt(row, read, walk, document);
    if (sum !== undefined && !goesOnBelow(layout, index, sum, walk, document))
      return { index, closed: sum !== 'carried' };
    if (sum !== undefined) walk.open = false;
    if (sum !== undefined || takeRow(walk, row, read)) bottom = row.y1;
  }
  return { index, closed: false };
}

/** Continues the table of the page before on a page without a heading, from the first row whose numbers multiply. */
function goOn(layout: PageLayout, columns: readonly Column[], document: InvoiceDocument): TableHead | undefined {
  const first = layout.rows.findIndex((row) => readTableRow(row, columns, document.decimalSign)?.agrees === true);
  return first < 0 ? undefined : { rowIndex: first - 1, lastRowIndex: first - 1, columns };
}

function headsOf(layout: PageLayout): TableHead[] {
  return layout.rows.map((_, index) => tableHeadAt(layout, index)).filter((head) => head !== undefined);
}

/** Finds the lines below every heading of a table, on all pages. */
export function readLines(document: InvoiceDocument, places: number): ReadLines {
  const drafts: Draft[] = [];
  const rows = new Set<Row>();
  let left: readonly Column[] | undefined;
  for (const layout of document.layouts) {
    const heads = headsOf(layout);
    const begin = heads[0] ?? (left === undefined ? undefined : goOn(layout, left, document));
    let done = -1;
    for (const head of begin === undefined ? [] : [begin, ...heads.slice(1)]) {
      if (head.rowIndex < done) continue;
      const end = walkTable(layout, head, document, drafts, rows);
      for (const row of layout.rows.slice(Math.max(0, head.rowIndex), head.lastRowIndex + 1)) rows.add(row);
      done = end.index;
      left = end.closed ? undefined : head.columns;
    }
  }
  return { lines: drafts.map((draft) => toLine(draft, places)).filter((line) => line !== undefined), rows };
}
