/** Finds the places of the buyer and the seller by their labels. */
import type { InvoiceDocument, PlacedLabel } from '../page/document.ts';
import { FIELD_LABELS } from '../fields/labels.ts';
import { findPhrases } from '../page/phrases.ts';
import { cellBelow, overlap, type Cell, type PageLayout, type Row, type Token } from '../page/layout.ts';

/** Short words that are labels only when they stand alone or before a colon. */
const SHORT_LABELS =
  /^(?:to|for|an|aan|von|from|de|a|client|customer|cliente|klant|kunde|buyer|attn|attention|company)$/;

/** Most rows in an address. */
const ADDRESS_ROWS = 7;

/** Tells whether the label begins a cell rather than stands inside a sentence. */
function isHeading({ row, match }: PlacedLabel): boolean {
  const first = row.tokens[match.start];
  const last = row.tokens[match.end - 1];
  if (first === undefined || last === undefined) return false;
  const before = row.tokens[match.start - 1];
  if (before?.cell === first.cell && !/[.:;]$/.test(before.text)) return false;
  const isShort =
    match.end - match.start === 1 && SHORT_LABELS.test(first.text.toLowerCase().replaceAll(/[^a-z]/g, ''));
  return !isShort || standsAlone(last, row.tokens[match.end]);
}

function standsAlone(last: Token, after: Token | undefined): boolean {
  return after?.cell !== last.cell || last.text.endsWith(':') || after.text === ':';
}

function rightOf({ row, match, siblings }: PlacedLabel): readonly Token[] {
  const next = siblings.find(
    (other) => other.start >= match.end && other.kind !== 'reference' && other.kind !== 'dateWord',
  );
  const tokens = row.tokens.slice(match.end, Math.min(next?.start ?? row.tokens.length, match.end + 12));
  const first = tokens[0];
  return first === undefined ? [] : tokens.filter((token) => token.cell === first.cell);
}

/** Returns the lines of an address below its label: one column without a wide gap. */
function blockBelow(
  layout: PageLayout,
  rowIndex: number,
  span: { x0: number; x1: number },
): { cell: Cell; row: Row }[] {
  const block: { cell: Cell; row: Row }[] = [];
  let index = rowIndex;
  let bounds = span;
  for (let i = 0; i < ADDRESS_ROWS; i += 1) {
    const next = cellBelow(layout, index, bounds, 2);
    const last = block.at(-1);
    if (next === undefined || (last !== undefined && next.cell.y0 - last.cell.y1 > 2 * layout.wordHeight)) break;
    block.push(next);
    index = next.rowIndex;
    bounds = i === 0 ? { x0: next.cell.x0, x1: Math.max(next.cell.x0 + 60, Math.min(span.x1, next.cell.x1)) } : bounds;
  }
  return block;
}

/** Tells whether the lines of the party stand below its label, so that the next cell of the row belongs to another column. */
function hasOwnColumn({ layout, row, rowIndex, match }: PlacedLabel): boolean {
  const first = row.tokens[match.start];
  const last = row.tokens[match.end - 1];
  if (first === undefined || last === undefined || row.tokens[match.end]?.cell === first.cell) return false;
  const below = cellBelow(layout, rowIndex, { x0: first.x0, x1: last.x1 }, 1)?.cell;
  if (below === undefined || below.y0 - last.y1 > 2 * layout.wordHeight) return false;
  const isLabel = findPhrases(below.tokens, FIELD_LABELS)[0]?.start === 0;
  return Math.abs(below.x0 - first.x0) < 3 * row.letter && !isLabel;
}

/** The words beside the label of a party, or the lines below it. */
export interface Party {
  readonly kind: 'recipient' | 'sender';
  readonly beside: readonly Token[];
  readonly block: readonly { cell: Cell; row: Row }[];
  readonly page: number;
  /** True for a label of several words or with a colon, which is no coincidence. */
  readonly firm: boolean;
}

/** Returns the parties that labels name. */
export function partiesOf(document: InvoiceDocument): Party[] {
  return document.labels.filter(isHeading).flatMap((label) => {
    const { kind } = label.match;
    return kind === 'recipient' || kind === 'sender' ? [partyAt(label, kind)] : [];
  });
}

function spanOf(tokens: readonly Token[]): { x0: number; x1: number } {
  return { x0: Math.min(...tokens.map((token) => token.x0)), x1: Math.max(...tokens.map((token) => token.x1)) };
}

function partyAt(label: PlacedLabel, kind: Party['kind']): Party {
  const { layout, row, rowIndex, match } = label;
  const tokens = row.tokens.slice(match.start, match.end);
  const beside = hasOwnColumn(label) ? [] : rightOf(label);
  const block = blockBelow(layout, rowIndex, spanOf(beside.length === 0 ? tokens : beside));
  const firm = tokens.length > 1 || tokens.at(-1)?.text.endsWith(':') === true || beside.length === 0;
  return { kind, beside, block, page: layout.page, firm };
}

/** Returns the words beside and below the labels of one party. */
export function partyTokens(parties: readonly Party[], kind: Party['kind']): ReadonlySet<Token> {
  const tokens = new Set<Token>();
  for (const party of parties) {
    if (party.kind !== kind) continue;
    for (const token of party.beside) tokens.add(token);
    for (const { cell } of party.block) for (const token of cell.tokens) tokens.add(token);
  }
  return tokens;
}

/** Tells whether two spans stand in one column. */
export function sameColumn(a: { x0: number; x1: number }, b: { x0: number; x1: number }): boolean {
  return overlap(a, b) > 0;
}
