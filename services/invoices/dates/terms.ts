/** Reads terms of payment, such as `30 days net`, and computes the due date from the date of the invoice. */
import { candidateOn, type Candidate } from '../fields/candidates.ts';
import type { InvoiceDocument } from '../page/document.ts';
import { cellAbove, type PageLayout, type Row, type Token } from '../page/layout.ts';
import { AT_ONCE, END_OF_MONTH, JOINTS, NUMBERS, OTHER_CLAUSE, PAYMENT, UNITS, WITHOUT } from './term-words.ts';

/** How long after the date of the invoice the payment is due. */
export interface Term {
  readonly count: number;
  readonly unit: 'day' | 'week' | 'month';
  /** True when payment is due at the end of the month in which the term ends. */
  readonly endOfMonth: boolean;
}

/** Longest usual term, in days; a larger number is not a term of payment. */
const LONGEST_TERM = 365;
const MOST_WORDS = 60;

function wordOf(text: string): string {
  const characters = Array.from(text.toLowerCase());
  const first = characters.findIndex((character) => /[\p{L}\d]/u.test(character));
  const last = characters.findLastIndex((character) => /[\p{L}\d%]/u.test(character));
  return first === -1 ? '' : characters.slice(first, last + 1).join('');
}

/** Splits the words of a row into clauses at sentences, commas, and words such as `or`. */
function clausesOf(texts: readonly string[]): string[][] {
  const clauses: string[][] = [[]];
  for (const text of texts) {
    const word = wordOf(text);
    if (JOINTS.has(word) || /^[/|–-]$/.test(text)) clauses.push([]);
    else clauses.at(-1)?.push(word);
    if (/[.,;]$/.test(text) && !/^\p{L}{1,2}\.$/u.test(text)) clauses.push([]);
  }
  return clauses.filter((clause) => clause.length > 0);
}

function countOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const digits = /^(\d{1,3})$/.exec(word)?.[1];
  return digits === undefined ? NUMBERS.get(word) : Number(digits);
}

type Length = Omit<Term, 'endOfMonth'>;

/** Reads `30-day` and `30gg`, which are one word. */
function joinedLength(word: string): Length | undefined {
  const [, digits, letters = ''] = /^(\d{1,3})-?(\p{L}+)$/u.exec(word) ?? [];
  const unit = UNITS.get(letters);
  return unit === undefined ? undefined : { count: Number(digits), unit };
}

/** Reads `30 days` and `30 calendar days`. */
function spacedLength(clause: readonly string[], index: number): Length | undefined {
  const count = countOf(clause[index]);
  const unit = UNITS.get(clause[index + 1] ?? '') ?? UNITS.get(clause[index + 2] ?? '');
  return count === undefined || unit === undefined ? undefined : { count, unit };
}

/** Reads `net 30` at the end of a clause, which means days. */
function bareLength(clause: readonly string[], index: number): Length | undefined {
  const word = clause[index] ?? '';
  const fits = /^\d{1,3}$/.test(word) && index + 1 === clause.length && BEFORE_BARE.test(clause[index - 1] ?? '');
  return fits ? { count: Number(word), unit: 'day' } : undefined;
}

const BEFORE_BARE = /^(?:net|netto|n|terms)$/;

function lengthOf(clause: readonly string[]): Length | undefined {
  return clause
    .map((word, index) => joinedLength(word) ?? spacedLength(clause, index) ?? bareLength(clause, index))
    .find((length) => length !== undefined);
}

/** Reads `n/30` and `2/10 n/30` of American terms. */
function shortForm(text: string): Length | undefined {
  const count = /\bn\s?\/\s?(\d{1,3})\b/i.exec(text)?.[1];
  return count === undefined ? undefined : { count: Number(count), unit: 'day' };
}

function isPayment(clause: readonly string[]): boolean {
  return clause.some((word) => PAYMENT.has(word));
}

function isOther(clause: readonly string[]): boolean {
  return clause.some(
    (word, index) => (OTHER_CLAUSE.has(word) && !WITHOUT.has(clause[index - 1] ?? '')) || word.endsWith('%'),
  );
}

function isUsual({ count }: Length): boolean {
  return count > 0 && count <= LONGEST_TERM;
}

/** Reads the net term of a text; `context` are words before it that may say that it is about payment. */
export function readTerm(texts: readonly string[], context: readonly string[] = []): Term | undefined {
  const clauses = clausesOf(texts);
  const heading = clausesOf(context);
  const text = texts.join(' ');
  if (![...clauses, ...heading].some(isPayment)) return undefined;
  const lengths = clauses.filter((clause) => !isOther(clause)).map(lengthOf);
  const length = lengths.find((found) => found !== undefined) ?? shortForm(text);
  if (length !== undefined) return isUsual(length) ? { ...length, endOfMonth: END_OF_MONTH.test(text) } : undefined;
  const atOnce = texts.length <= 16 && AT_ONCE.test(text) && !clauses.some(isOther);
  return atOnce ? { count: 0, unit: 'day', endOfMonth: false } : undefined;
}

function lastOfMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}

/** Adds a term to an ISO date. A month later is the same day, or the last day of a shorter month. */
export function dueAfter(date: string, { count, unit, endOfMonth }: Term): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const months = month - 1 + (unit === 'month' ? count : 0);
  const days = unit === 'month' ? 0 : count * (unit === 'week' ? 7 : 1);
  const due = new Date(Date.UTC(year, months, Math.min(day, lastOfMonth(year, months)) + days));
  if (endOfMonth) due.setUTCDate(lastOfMonth(due.getUTCFullYear(), due.getUTCMonth()));
  return due.toISOString().slice(0, 10);
}

function termOfRow(
  layout: PageLayout,
  row: Row,
  rowIndex: number,
): { term: Term; tokens: readonly Token[] } | undefined {
  if (row.tokens.length > MOST_WORDS) return undefined;
  for (const cell of row.cells) {
    const before = row.cells[row.cells.indexOf(cell) - 1];
    const above = cellAbove(layout, rowIndex, cell, 1)?.cell;
    const words = [...(before?.tokens ?? []), ...(above?.tokens ?? [])].slice(0, MOST_WORDS);
    const term = readTerm(
      cell.tokens.map((token) => token.text.slice(0, 40)),
      words.map((token) => token.text.slice(0, 40)),
    );
    if (term !== undefined) return { term, tokens: cell.tokens };
  }
  return undefined;
}

/** Finds the terms outside the table and computes the due date from them. */
export function computeDue(
  document: InvoiceDocument,
  tableRows: ReadonlySet<Row>,
  date: string,
): Candidate<string> | undefined {
  for (const layout of document.layouts) {
    for (const [rowIndex, row] of layout.rows.entries()) {
      const found = tableRows.has(row) ? undefined : termOfRow(layout, row, rowIndex);
      if (found === undefined) continue;
      const { box: _, ...due } = candidateOn(dueAfter(date, found.term), 0.8, layout.page, found.tokens);
      return { ...due, computed: true };
    }
  }
  return undefined;
}
