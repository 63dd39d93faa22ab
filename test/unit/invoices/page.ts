/** Builds pages out of rows of text with positions, so that invoices can be written down as data. */
import type { PageReading, Word } from '../../../services/ocr/port.ts';

/** A cell of a row: where it stands and how large it is. */
export interface Cell {
  readonly text: string;
  /** Percent of the page's width: the left edge, or the right edge when `right` is set. */
  readonly at: number;
  readonly right: boolean;
  /** Size in points. */
  readonly size: number;
}

const WIDTH = 595;
const HEIGHT = 842;
const SIZE = 10;
const LEADING = 13;

/** `@8 text` starts at 8 %, `>92 text` ends at 92 %, `@8/20 text` is 20 points tall; cells are separated by `¦`. */
export function parseRow(row: string): Cell[] {
  return row
    .split('¦')
    .map((part) => /^\s*([@>])(\d+)(?:\/(\d+))?\s+(.*?)\s*$/.exec(part))
    .filter((match) => match !== null)
    .map((match) => ({
      text: match[4] ?? '',
      at: Number(match[2]),
      right: match[1] === '>',
      size: match[3] === undefined ? SIZE : Number(match[3]),
    }));
}

/** About the widths of a proportional typeface, in parts of its size. */
function widthOf(text: string, size: number): number {
  let width = 0;
  for (const letter of text) {
    if (/[ .,:;'|lijtfI!()-]/.test(letter)) width += 0.28;
    else if (/[A-ZMWmw%@]/.test(letter)) width += 0.72;
    else width += 0.55;
  }
  return width * size;
}

function wordsOfCell(cell: Cell, y: number, line: number): Word[] {
  const full = widthOf(cell.text, cell.size);
  let x = (cell.at / 100) * WIDTH - (cell.right ? full : 0);
  const words: Word[] = [];
  for (const part of cell.text.split(' ')) {
    const width = widthOf(part, cell.size);
    if (part !== '')
      words.push({
        text: part,
        confidence: 0.95,
        box: [x / WIDTH, y / HEIGHT, (x + width) / WIDTH, (y + cell.size) / HEIGHT],
        line,
      });
    x += width + widthOf(' ', cell.size);
  }
  return words;
}

/** Where each row of a page stands, in points from the top; a tall row needs more room. */
export function placeRows(rows: readonly string[]): { cells: Cell[]; y: number }[] {
  let y = 40;
  return rows.map((row) => {
    const cells = parseRow(row);
    const placed = { cells, y };
    y += Math.max(LEADING, ...cells.map((cell) => cell.size * 1.3));
    return placed;
  });
}

/** A page of rows. */
export function pageOf(rows: readonly string[], page = 0, overrides: Partial<PageReading> = {}): PageReading {
  const words = placeRows(rows).flatMap(({ cells, y }, line) => cells.flatMap((cell) => wordsOfCell(cell, y, line)));
  return {
    page,
    text: rows
      .map((row) =>
        parseRow(row)
          .map((cell) => cell.text)
          .join('  '),
      )
      .join('\n'),
    confidence: 0.95,
    width: WIDTH,
    height: HEIGHT,
    rotation: 0,
    skew: 0,
    words,
    state: 'read',
    origin: 'text-layer',
    engine: 'text-layer',
    ...overrides,
  };
}

/** What an invoice written as data should yield; `undefined` where nothing is to be found. */
export interface Sample {
  readonly name: string;
  readonly pages: readonly (readonly string[])[];
  readonly issuer: string;
  readonly number: string | undefined;
  readonly date: string;
  readonly currency: string | undefined;
  readonly total: string;
  readonly untaxed: string | undefined;
  readonly tax: string | undefined;
  /** Description, quantity, unit price, amount; empty where absent. */
  readonly lines: readonly (readonly [string, string, string, string])[];
}

/** What an invoice yields beside the fields of {@link Sample}; an absent field is not to be found. */
export interface PaymentTruth {
  readonly dueDate?: string;
  /** True when the due date follows from terms and is not printed. */
  readonly dueComputed?: true;
  readonly iban?: string;
  readonly bic?: string;
  readonly issuerVatId?: string;
  readonly buyerVatId?: string;
  /** Rate, base and tax; empty where absent. */
  readonly taxes?: readonly (readonly [string, string, string])[];
  /** The tax rate of each line; empty where none is printed. */
  readonly lineRates?: readonly string[];
}

/** An invoice whose terms of payment, bank data and tax numbers are known as well. */
export interface PaymentSample extends Sample {
  readonly payment: PaymentTruth;
}
