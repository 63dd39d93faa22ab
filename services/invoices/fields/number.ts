/** Finds the invoice number: to the right of its label or below it. */
import { candidateOn, chooseBest, type Candidate } from './candidates.ts';
import { parseDate } from '../dates/dates.ts';
import type { InvoiceDocument, PlacedLabel } from '../page/document.ts';
import { cellBelow, type Row, type Token } from '../page/layout.ts';
import { withoutEnd } from '../../../contracts/values/text.ts';

interface ReadNumber {
  readonly value: string;
  readonly tokens: readonly Token[];
}

const NUMBER_WORD = /^[\p{L}\d][\p{L}\d\-–_/.\\+]*$/u;

/** A sign between the parts of a number that OCR returned as a separate word. */
const DASH = /^[-/–]$/;

function clean(text: string): string {
  return text.length > 48 ? '' : withoutEnd(text.replace(/^[#:(.[]+/, ''), /[,;.:)\]]/);
}

/** Replaces letters between digits, which are misread digits. */
function repairInside(text: string): string {
  return text.replaceAll(/(?<=\d)[Oo](?=\d)/g, '0').replaceAll(/(?<=\d)[lI|](?=\d)/g, '1');
}

function isDateText(tokens: readonly Token[], i: number): boolean {
  const first = tokens[i]?.text ?? '';
  if (/^\d{8}$/.test(first)) return false;
  const text = tokens
    .slice(i, i + 4)
    .map((token) => token.text)
    .join(' ');
  return parseDate(text) !== undefined;
}

function isFiller(token: Token): boolean {
  return !/[\p{L}\d]/u.test(token.text) || /^(?:no|nr|n|#|number|nummer|num|lnv)$/.test(token.key);
}

/**
 * Returns the separator between a number and the word that continues it; `undefined` when the word does not continue
 * it.
 */
function jointOfTexts(value: string, text: string): '' | ' ' | undefined {
  if (/[-/–_]$/.test(value) || /^[-/–_]\w/.test(text)) return /\d|^[-/–_]?[A-Z]{1,4}[-/]?$/.test(text) ? '' : undefined;
  const goesOn = /\d/.test(value)
    ? /^\d{3,}(?:[-/]\d+)*$/.test(text) && /^[A-Z]{0,4}[\s-]?\d{2,}$/.test(value)
    : /^[\d-]*\d/.test(text);
  return goesOn ? ' ' : undefined;
}

/**
 * Like {@link jointOfTexts}, with the distance between the words taken into account: distant words are separate values.
 */
function joint(value: string, token: Token, next: Token | undefined, letter: number): '' | ' ' | undefined {
  if (next?.cell !== token.cell || next.text.length > 24 || next.x0 - token.x1 >= 1.3 * letter) return undefined;
  return DASH.test(next.text) ? '' : jointOfTexts(value, clean(next.text));
}

function isPlausible(value: string): boolean {
  if (!/\d/.test(value) || value.length > 40 || /^\d+[.,]\d{2}$/.test(value)) return false;
  return /^[\p{Lu}\d]|_|^\p{Ll}+[-_/]?\d/u.test(value);
}

function readFrom(tokens: readonly Token[], start: number, row: Row): ReadNumber | undefined {
  let value = clean(tokens[start]?.text ?? '');
  if (!NUMBER_WORD.test(value)) return undefined;
  let end = start + 1;
  for (; end - start < 6; end += 1) {
    const [last, next] = [tokens[end - 1], tokens[end]];
    const between = last === undefined ? undefined : joint(value, last, next, row.letter);
    if (between === undefined || next === undefined) break;
    value += between + (DASH.test(next.text) ? next.text : clean(next.text));
  }
  return isPlausible(value) ? { value, tokens: tokens.slice(start, end) } : undefined;
}

/** Reads the first number-like text among the tokens; the first word of another kind ends the search. */
function readNumber(tokens: readonly Token[], row: Row): ReadNumber | undefined {
  for (let i = 0; i < Math.min(tokens.length, 4); i += 1) {
    const token = tokens[i];
    if (token === undefined || isDateText(tokens, i)) return undefined;
    const read = readFrom(tokens, i, row);
    if (read !== undefined) return read;
    if (!isFiller(token)) return undefined;
  }
  return undefined;
}

/** Returns the tokens to the right of a label, up to the next label. */
function rightOf({ row, match, siblings }: PlacedLabel): readonly Token[] {
  const next = siblings.find(
    (other) => other.start >= match.end && other.kind !== 'reference' && other.kind !== 'title',
  );
  return row.tokens.slice(match.end, Math.min(next?.start ?? row.tokens.length, match.end + 10));
}

const RIGHT_SCORES: Readonly<Partial<Record<PlacedLabel['match']['kind'], number>>> = {
  number: 0.97,
  title: 0.6,
  reference: 0.45,
};

/** Tells whether the label is in the upper half of the first page, where titles stand. */
function isHigh({ rowIndex, layout }: PlacedLabel): boolean {
  return layout.page === 0 && rowIndex / Math.max(layout.rows.length, 1) < 0.5;
}

function scoreRight(label: PlacedLabel): number {
  const { row, match } = label;
  const base = RIGHT_SCORES[match.kind] ?? 0;
  if (match.kind === 'number') return base;
  const first = row.tokens[match.end];
  const apart = first?.cell === row.tokens[match.start]?.cell ? 0 : 0.15;
  const hash = match.kind === 'title' && first?.text.startsWith('#') === true ? 0.15 : 0;
  return base + hash - apart - (isHigh(label) ? 0 : 0.25);
}

function below(label: PlacedLabel): ReadNumber | undefined {
  const tokens = label.row.tokens.slice(label.match.start, label.match.end);
  const span = { x0: Math.min(...tokens.map((token) => token.x0)), x1: Math.max(...tokens.map((token) => token.x1)) };
  const found = cellBelow(label.layout, label.rowIndex, span);
  return found === undefined ? undefined : readNumber(found.cell.tokens, found.row);
}

function candidateOf(label: PlacedLabel): Candidate<string> | undefined {
  if (RIGHT_SCORES[label.match.kind] === undefined) return undefined;
  const right = readNumber(rightOf(label), label.row);
  const read = right ?? (label.match.kind === 'number' ? below(label) : undefined);
  const score = right === undefined ? 0.85 : scoreRight(label);
  if (read === undefined || score < 0.2) return undefined;
  const value = label.layout.recognised ? repairInside(read.value) : read.value;
  return candidateOn(value, score, label.layout.page, read.tokens);
}

/** Finds the invoice number outside the rows of the table, whose numbers identify other things. */
export function findNumber(document: InvoiceDocument, tableRows: ReadonlySet<Row>): Candidate<string> | undefined {
  const candidates = document.labels
    .filter((label) => !tableRows.has(label.row))
    .map(candidateOf)
    .filter((candidate) => candidate !== undefined);
  return chooseBest(candidates);
}
