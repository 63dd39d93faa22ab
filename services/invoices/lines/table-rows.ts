/** Reads one row of a table: which number stands in which column, and which words describe the item. */
import { multiply, near, wholeQuotient, type Decimal, type DecimalSign } from '../amounts/amounts.ts';
import type { Column } from '../page/columns.ts';
import { overlap, type Row, type Token } from '../page/layout.ts';
import { isRate } from '../taxes/rate-rows.ts';
import { amountSpans, type AmountSpan } from '../page/spans.ts';

/** What a row of the table holds. */
export interface TableRow {
  readonly description: readonly Token[];
  readonly quantity?: Decimal;
  readonly unitPrice?: Decimal;
  readonly amount?: Decimal;
  /** Tax rate in percent. */
  readonly taxRate?: Decimal;
  /** True when quantity, unit price and amount were printed and the first two multiply to the third. */
  readonly agrees: boolean;
  /** True when the row holds any amount of money. */
  readonly hasMoney: boolean;
  readonly tokens: readonly Token[];
}

/** Most words in a row of a table. */
const MOST_WORDS = 120;
const MOST_NUMBERS = 10;

interface Numbers {
  readonly quantity?: Decimal;
  readonly unitPrice?: Decimal;
  readonly amount?: Decimal;
}

function distance(span: AmountSpan, column: Column): number {
  if (overlap(span, column) > 0) return 0;
  return Math.min(
    Math.abs(span.x1 - column.x1),
    Math.abs(span.x0 - column.x0),
    Math.abs((span.x0 + span.x1 - column.x0 - column.x1) / 2),
  );
}

/** Returns the column of a number: the one it overlaps, otherwise the one with the nearest edge or centre. */
function columnOf(span: AmountSpan, columns: readonly Column[], letter: number): Column | undefined {
  let best: { column: Column; far: number } | undefined;
  for (const column of columns) {
    const far = distance(span, column) - (overlap(span, column) > 0 ? 0.01 * overlap(span, column) : 0);
    if (best === undefined || far < best.far) best = { column, far };
  }
  return best !== undefined && best.far < 8 * letter ? best.column : undefined;
}

/** Tells whether a number is part of the description, because words touch it without a gap. */
function isInText(row: Row, span: AmountSpan, description: Column | undefined, column: Column | undefined): boolean {
  if (column?.kind === 'description') return true;
  const gluedLeft = isGlued(row, span.start, span.start - 1, /\p{L}/u);
  if (description === undefined || column === undefined)
    return gluedLeft || isGlued(row, span.end - 1, span.end, /\p{L}{2}/u);
  const before = overlap(span, column) <= 0 || span.x1 < column.x0 + 0.3 * (column.x1 - column.x0);
  return gluedLeft && before;
}

/** Tells whether the neighbour of a token is a word in the same cell. */
function isGlued(row: Row, index: number, neighbour: number, word: RegExp): boolean {
  const other = row.tokens[neighbour];
  return other !== undefined && other.cell === row.tokens[index]?.cell && word.test(other.text);
}

function assign(
  row: Row,
  spans: readonly AmountSpan[],
  columns: readonly Column[],
): { span: AmountSpan; kind: Column['kind'] | undefined }[] {
  const description = columns.find((column) => column.kind === 'description');
  return spans.map((span) => {
    const column = columnOf(span, columns, row.letter);
    if (isInText(row, span, description, column)) return { span, kind: 'description' };
    return { span, kind: span.percent && column?.kind !== 'taxRate' ? 'other' : column?.kind };
  });
}

function product(quantity: Decimal, unitPrice: Decimal, amount: Decimal): boolean {
  return amount.units !== 0n && near(multiply(quantity, unitPrice), amount);
}

/** Returns the values that a number may stand for. */
function readings(span: AmountSpan): Decimal[] {
  return span.withCents === undefined ? [span.value] : [span.value, span.withCents];
}

/** Finds a quantity, a unit price and an amount of this row that multiply, in printed order. */
function multiplying(spans: readonly AmountSpan[]): Numbers | undefined {
  const usable = spans.filter((span) => !span.percent).slice(0, MOST_NUMBERS);
  for (const [c, z] of [...usable.entries()].reverse()) {
    const factors = usable.slice(0, c);
    const pairs = factors.flatMap((x, a) => factors.slice(a + 1).map((y) => [x, y] as const));
    const found = pairs.map(([x, y]) => firstProduct(x, y, z)).find((numbers) => numbers !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstProduct(x: AmountSpan, y: AmountSpan, z: AmountSpan): Numbers | undefined {
  for (const amount of readings(z)) {
    for (const price of readings(y)) {
      if (!product(x.value, price, amount)) continue;
      // The quantity may stand after the price; it is the number without decimals.
      const swapped = x.money && !y.money;
      return swapped
        ? { quantity: price, unitPrice: x.value, amount }
        : { quantity: x.value, unitPrice: price, amount };
    }
  }
  return undefined;
}

function byColumn(assigned: readonly { span: AmountSpan; kind: Column['kind'] | undefined }[]): Numbers {
  const of = (kind: Column['kind']): AmountSpan[] =>
    assigned.filter((entry) => entry.kind === kind).map((entry) => entry.span);
  const [quantity] = of('quantity');
  const [unitPrice] = of('unitPrice');
  const amounts = of('amount');
  const fitting =
    quantity !== undefined && unitPrice !== undefined
      ? amounts.find((span) => product(quantity.value, unitPrice.value, span.value))
      : undefined;
  const amount = fitting ?? amounts.at(-1);
  return {
    ...(quantity === undefined ? {} : { quantity: quantity.value }),
    ...(unitPrice === undefined ? {} : { unitPrice: unitPrice.value }),
    ...(amount === undefined ? {} : { amount: amount.value }),
  };
}

function agrees({ quantity, unitPrice, amount }: Numbers): boolean {
  return (
    quantity !== undefined && unitPrice !== undefined && amount !== undefined && product(quantity, unitPrice, amount)
  );
}

/** Recognises the factor in a column with an unknown heading by the product. */
function withFactor(own: Numbers, spans: readonly AmountSpan[]): Numbers {
  const { quantity, unitPrice, amount } = own;
  if (amount === undefined || (quantity === undefined) === (unitPrice === undefined)) return own;
  const fits = (span: AmountSpan): boolean =>
    !span.percent && product(quantity ?? span.value, unitPrice ?? span.value, amount);
  const found = spans.slice(0, MOST_NUMBERS).find((span) => fits(span) && span.value !== amount);
  if (found === undefined) return own;
  return quantity === undefined ? { ...own, quantity: found.value } : { ...own, unitPrice: found.value };
}

/** Computes a lost quantity from price and amount, because OCR loses lone digits most often. */
function withQuantity(own: Numbers, columns: readonly Column[], spans: readonly AmountSpan[]): Numbers {
  const { quantity, unitPrice, amount } = own;
  if (quantity !== undefined || unitPrice === undefined || amount === undefined || spans.some((span) => span.percent))
    return own;
  const computed = wholeQuotient(amount, unitPrice);
  // Without a quantity column, equal price and amount may mean that the invoice counts nothing.
  const least = columns.some((column) => column.kind === 'quantity') ? 1n : 2n;
  return computed === undefined || computed.units < least ? own : { ...own, quantity: computed };
}

/** Assigns numbers by their columns when a column is missing, because a product proves nothing then. */
function numbersOf(
  row: Row,
  spans: readonly AmountSpan[],
  columns: readonly Column[],
  kinds: readonly { span: AmountSpan; kind: Column['kind'] | undefined }[],
): Numbers {
  const own = byColumn(kinds);
  if (agrees(own)) return own;
  const outside = kinds.filter((entry) => entry.kind !== 'description').map((entry) => entry.span);
  const wanted = columns.filter((column) => column.kind === 'quantity' || column.kind === 'unitPrice').length === 2;
  const found = wanted ? (multiplying(outside) ?? multiplying(spans)) : undefined;
  if (found !== undefined) return found;
  const last = outside.findLast((span) => span.money);
  const isLast = own.amount === undefined && own.unitPrice === undefined && last?.end === row.tokens.length;
  return withQuantity(withFactor(isLast ? { ...own, amount: last.value } : own, outside), columns, spans);
}

/** Finds words left of the description's column behind another column, or right of where the next column begins. */
function isBeyond(token: Token, columns: readonly Column[], description: Column): boolean {
  const left = token.x1 < description.x0 && columns.some((column) => column.x0 < description.x0);
  return left || columns.some((column) => column.x0 > description.x1 && token.x0 >= column.x0);
}

/** Finds words under columns other than the description: codes, units, dates. */
function isElsewhere(token: Token, columns: readonly Column[], description: Column | undefined): boolean {
  const centre = { x0: token.x0, x1: token.x1 };
  const other = columns.find((column) => column.kind !== 'description' && overlap(column, centre) > 0);
  if (other === undefined) return description !== undefined && isBeyond(token, columns, description);
  if (description === undefined) return true;
  // Long descriptions extend below the heading of the next column.
  const right = other.x0 > description.x0;
  return !right || token.x0 >= other.x0 - 0.1 * (other.x1 - other.x0);
}

/** Returns the description; a cell that starts in its column belongs to it as a whole. */
function descriptionOf(row: Row, used: ReadonlySet<Token>, columns: readonly Column[]): Token[] {
  const description = columns.find((column) => column.kind === 'description');
  return row.cells.flatMap((cell) => {
    const tokens = cell.tokens.filter((token) => !used.has(token));
    const first = tokens[0];
    if (first === undefined) return [];
    const leading =
      description !== undefined && overlap(cell, description) > 0 && !isElsewhere(first, columns, description);
    return leading ? tokens : tokens.filter((token) => !isElsewhere(token, columns, description));
  });
}

/** Finds the unit after a quantity (`10 hrs`, `3 Stk`, `2 x`). */
function unitWords(row: Row, spans: readonly AmountSpan[]): Token[] {
  return spans.flatMap((span) => {
    const next = row.tokens[span.end];
    const sameCell = next !== undefined && next.cell === row.tokens[span.end - 1]?.cell;
    return sameCell && next.text.length <= 8 && row.tokens[span.end + 1]?.cell !== next.cell ? [next] : [];
  });
}

/** Returns the tax rate: the number in its column. Without a percent sign it must not be a price or an amount of the row. */
function taxRateOf(
  kinds: readonly { span: AmountSpan; kind: Column['kind'] | undefined }[],
  { unitPrice, amount }: Numbers,
): Decimal | undefined {
  const isPrinted = ({ value, percent }: AmountSpan): boolean => percent || (isRate(value) && value.scale < 3);
  const isMoney = ({ value, percent }: AmountSpan): boolean =>
    !percent && [unitPrice, amount].some((other) => other !== undefined && near(other, value, 0n));
  return kinds.find(({ span, kind }) => kind === 'taxRate' && isPrinted(span) && !isMoney(span))?.span.value;
}

/** Reads a row under the columns of its table; returns `undefined` for rows that are too long to be one. */
export function readTableRow(
  row: Row,
  columns: readonly Column[],
  hint: DecimalSign | undefined,
): TableRow | undefined {
  if (row.tokens.length > MOST_WORDS) return undefined;
  const spans = amountSpans(row, hint);
  const kinds = assign(row, spans, columns);
  const numbers = numbersOf(row, spans, columns, kinds);
  const outside = kinds.filter((entry) => entry.kind !== 'description').map((entry) => entry.span);
  const used = new Set(outside.flatMap((span) => row.tokens.slice(span.start, span.end)));
  for (const token of unitWords(row, outside)) used.add(token);
  for (const [index, token] of row.tokens.entries()) {
    const before = row.tokens[index - 1];
    if (token.text === '%' && (before === undefined || used.has(before))) used.add(token);
  }
  const taxRate = taxRateOf(kinds, numbers);
  const printed = kinds.some((entry) => entry.kind === 'quantity') || outside.length > 2;
  return {
    ...numbers,
    ...(taxRate === undefined ? {} : { taxRate }),
    agrees: printed && agrees(numbers),
    hasMoney: spans.some((span) => !span.percent && (span.money || span.withCents !== undefined)),
    description: descriptionOf(row, used, columns),
    tokens: row.tokens,
  };
}
