/**
 * The geometry of a page: words become tokens, tokens at one height become a row, and adjacent tokens of a row become a
 * cell. One unit is a thousandth of the page's width in both directions.
 */
import type { PageReading } from '../../ocr/port.ts';
import type { KeyMaker } from './keys.ts';
import { placedWords, type Box, type PlacedWord } from './words.ts';

/** A word with its place and its key. */
export interface Token {
  readonly text: string;
  readonly key: string;
  readonly confidence: number;
  /** The box in fractions of the page, as the reader returned it. */
  readonly box: Box;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** Index of the cell in its row. */
  readonly cell: number;
}

/** Adjacent tokens of one row. */
export interface Cell {
  readonly tokens: readonly Token[];
  readonly text: string;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** The tokens at one height of a page, from left to right. */
export interface Row {
  readonly page: number;
  readonly tokens: readonly Token[];
  readonly cells: readonly Cell[];
  readonly y0: number;
  readonly y1: number;
  /** Mean width of a letter, by which gaps are measured. */
  readonly letter: number;
}

/** The rows of a page from top to bottom. */
export interface PageLayout {
  readonly page: number;
  readonly rows: readonly Row[];
  /** Height of the page in units. */
  readonly height: number;
  /** Median height of the words. */
  readonly wordHeight: number;
  readonly recognised: boolean;
}

/** Width of a gap that begins a new cell, in letters; a space is about half a letter. */
const CELL_GAP = 1.8;

type Placed = Omit<Token, 'cell'>;

/** Returns the rectangle around tokens, in fractions of the page. */
export function boxAround(tokens: readonly Token[]): Box | undefined {
  if (tokens.length === 0) return undefined;
  let [x0, y0, x1, y1] = [1, 1, 0, 0];
  for (const { box } of tokens) {
    x0 = Math.min(x0, box[0]);
    y0 = Math.min(y0, box[1]);
    x1 = Math.max(x1, box[2]);
    y1 = Math.max(y1, box[3]);
  }
  return [x0, y0, x1, y1];
}

/** Returns the mean confidence of tokens, 1 for none. */
export function meanConfidence(tokens: readonly Token[]): number {
  if (tokens.length === 0) return 1;
  return tokens.reduce((sum, token) => sum + token.confidence, 0) / tokens.length;
}

/** Joins tokens to running text. */
export function textOf(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join(' ');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function place(word: PlacedWord, tall: number, toKey: KeyMaker): Placed {
  const { box } = word;
  return {
    text: word.text,
    key: toKey(word.text),
    confidence: word.confidence,
    box,
    x0: box[0] * 1000,
    y0: box[1] * tall,
    x1: box[2] * 1000,
    y1: box[3] * tall,
  };
}

function cellsOf(tokens: readonly Token[]): Cell[] {
  const groups: Token[][] = [];
  for (const token of tokens) {
    const last = groups.at(-1);
    if (last !== undefined && last[0]?.cell === token.cell) last.push(token);
    else groups.push([token]);
  }
  return groups.map((group) => {
    const bounds = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
    for (const token of group) {
      bounds.x0 = Math.min(bounds.x0, token.x0);
      bounds.y0 = Math.min(bounds.y0, token.y0);
      bounds.x1 = Math.max(bounds.x1, token.x1);
      bounds.y1 = Math.max(bounds.y1, token.y1);
    }
    return { tokens: group, text: textOf(group), ...bounds };
  });
}

/** Takes the smaller letter, because large type in the same row would hide the gaps between small words. */
function smallerLetter(a: Placed, b: Placed): number {
  return Math.min((a.x1 - a.x0) / Math.max(a.text.length, 1), (b.x1 - b.x0) / Math.max(b.text.length, 1));
}

function toRow(page: number, members: readonly Placed[]): Row {
  const sorted = members.toSorted((a, b) => a.x0 - b.x0);
  let [width, letters, y0, y1] = [0, 0, Infinity, 0];
  for (const token of sorted) {
    width += token.x1 - token.x0;
    letters += token.text.length;
    y0 = Math.min(y0, token.y0);
    y1 = Math.max(y1, token.y1);
  }
  const letter = Math.max(width / Math.max(letters, 1), 0.5);
  let cell = 0;
  let right = -Infinity;
  const tokens = sorted.map((token, index): Token => {
    const before = sorted[index - 1];
    if (before !== undefined && token.x0 - right > CELL_GAP * Math.max(letter, smallerLetter(before, token))) cell += 1;
    right = Math.max(right, token.x1);
    return { ...token, cell };
  });
  return { page, tokens, cells: cellsOf(tokens), y0, y1, letter };
}

interface Band {
  members: Placed[];
  y0: number;
  y1: number;
}

/** Tells whether the lower of the two heights is shared by half. */
function onBand(token: Placed, band: Band): boolean {
  const shared = Math.min(token.y1, band.y1) - Math.max(token.y0, band.y0);
  return shared >= 0.5 * Math.min(token.y1 - token.y0, band.y1 - band.y0);
}

/** Widens a band by ordinary words only, because a tall word would swallow the rows next to it. */
function grow(band: Band, token: Placed, ordinary: number): void {
  band.members.push(token);
  const height = token.y1 - token.y0;
  if (height >= 0.5 * ordinary && height < band.y1 - band.y0) {
    band.y0 = token.y0;
    band.y1 = token.y1;
  }
}

function bandsOf(tokens: readonly Placed[], ordinary: number): Band[] {
  const bands: Band[] = [];
  for (const token of tokens.toSorted((a, b) => a.y0 + a.y1 - b.y0 - b.y1)) {
    // A tall word may have opened a band in between, so the last two bands are tried.
    const home = bands.slice(-2).find((band) => onBand(token, band));
    if (home === undefined) bands.push({ members: [token], y0: token.y0, y1: token.y1 });
    else grow(home, token, ordinary);
  }
  return bands;
}

/** Computes the layout of one page. */
export function layoutPage(reading: PageReading, toKey: KeyMaker): PageLayout {
  const ratio = reading.height / reading.width;
  const tall = 1000 * (Number.isFinite(ratio) && ratio > 0.01 && ratio < 100 ? ratio : 1.4);
  const tokens = placedWords(reading).map((word) => place(word, tall, toKey));
  const wordHeight = Math.max(median(tokens.map((token) => token.y1 - token.y0)), 1);
  const rows = bandsOf(tokens, wordHeight)
    .map((band) => toRow(reading.page, band.members))
    .toSorted((a, b) => a.y0 + a.y1 - b.y0 - b.y1);
  return { page: reading.page, rows, height: tall, wordHeight, recognised: reading.origin === 'ocr' };
}

interface Span {
  readonly x0: number;
  readonly x1: number;
}

/** Returns how far two spans overlap; negative when they are apart. */
export function overlap(a: Span, b: Span): number {
  return Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
}

/** Most cells in a row that is searched; the bound keeps the search linear. */
const MOST_CELLS = 60;

/** Returns the nearest cell below `span` in the same column, at most `rows` rows down. */
export function cellBelow(
  layout: PageLayout,
  rowIndex: number,
  span: Span,
  rows = 3,
): { cell: Cell; row: Row; rowIndex: number } | undefined {
  const from = layout.rows[rowIndex];
  if (from === undefined || from.cells.length > MOST_CELLS) return undefined;
  for (let i = rowIndex + 1; i <= rowIndex + rows; i += 1) {
    const row = layout.rows[i];
    if (row === undefined || row.cells.length > MOST_CELLS || row.y0 - from.y1 > 4 * layout.wordHeight)
      return undefined;
    const cell = row.cells.find((candidate) => overlap(candidate, span) > 0);
    if (cell !== undefined) return { cell, row, rowIndex: i };
  }
  return undefined;
}

/** Returns the nearest cell above `span` in the same column, at most `rows` rows up. */
export function cellAbove(
  layout: PageLayout,
  rowIndex: number,
  span: Span,
  rows = 3,
): { cell: Cell; row: Row; rowIndex: number } | undefined {
  const from = layout.rows[rowIndex];
  if (from === undefined || from.cells.length > MOST_CELLS) return undefined;
  for (let i = rowIndex - 1; i >= rowIndex - rows; i -= 1) {
    const row = layout.rows[i];
    if (row === undefined || row.cells.length > MOST_CELLS || from.y0 - row.y1 > 4 * layout.wordHeight)
      return undefined;
    const cell = row.cells.find((candidate) => overlap(candidate, span) > 0);
    if (cell !== undefined) return { cell, row, rowIndex: i };
  }
  return undefined;
}
