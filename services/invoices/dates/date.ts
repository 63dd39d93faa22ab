/**
 * Finds the invoice date: to the right of its label or below it, otherwise the first date that no other label claims.
 */
import { candidateOn, type Candidate } from '../fields/candidates.ts';
import { isOpen, parseDate, resolveDate, type DateReading, type DayOrder } from './dates.ts';
import { decideDayOrder } from './day-order.ts';
import type { InvoiceDocument, PlacedLabel } from '../page/document.ts';
import type { LabelKind } from '../fields/labels.ts';
import { cellBelow, type PageLayout, type Row, type Token } from '../page/layout.ts';

interface PlacedDate {
  readonly reading: DateReading;
  readonly tokens: readonly Token[];
  readonly page: number;
  readonly kind: LabelKind | undefined;
  readonly score: number;
}

/** Words searched after a label; a weekday, an article and a bracket may stand before the date. */
const LONGEST_SEARCH = 6;

/** Most words in a date: `3 de diciembre de 2014` with extra spaces from OCR. */
const DATE_WORDS = 7;

function dateAt(tokens: readonly Token[], i: number): { reading: DateReading; tokens: readonly Token[] } | undefined {
  const window = tokens.slice(i, i + DATE_WORDS).map((token) => token.text.slice(0, 24));
  const first = window[0];
  if (first === undefined || !/^[(\p{L}\d|]/u.test(first)) return undefined;
  const bare = window.join(' ').replace(/^\(/, '');
  const reading = parseDate(bare);
  if (reading === undefined) return undefined;
  let [used, length] = [0, 0];
  while (used < window.length && length < reading.length) {
    length += (window[used]?.length ?? 0) + 1;
    used += 1;
  }
  return { reading, tokens: tokens.slice(i, i + Math.max(1, used)) };
}

function firstDate(
  tokens: readonly Token[],
  search: number,
): { reading: DateReading; tokens: readonly Token[]; at: number } | undefined {
  for (let i = 0; i < Math.min(tokens.length, search); i += 1) {
    const found = dateAt(tokens, i);
    if (found !== undefined) return { ...found, at: i };
  }
  return undefined;
}

const DATE_KINDS: ReadonlySet<LabelKind> = new Set(['date', 'plainDate', 'dateWord', 'due', 'otherDate']);
const STOPS: ReadonlySet<LabelKind> = new Set(['number', 'date', 'plainDate', 'due', 'otherDate', 'otherNumber']);
const SCORES: Readonly<Partial<Record<LabelKind, number>>> = { date: 0.97, plainDate: 0.85, dateWord: 0.6 };

function rightOf({ row, match, siblings }: PlacedLabel): readonly Token[] {
  const next = siblings.find((other) => other.start >= match.end && STOPS.has(other.kind));
  return row.tokens.slice(match.end, Math.min(next?.start ?? row.tokens.length, match.end + 14));
}

function belowLabel({ row, rowIndex, layout, match }: PlacedLabel): readonly Token[] {
  const tokens = row.tokens.slice(match.start, match.end);
  const span = { x0: Math.min(...tokens.map((token) => token.x0)), x1: Math.max(...tokens.map((token) => token.x1)) };
  return cellBelow(layout, rowIndex, span)?.cell.tokens ?? [];
}

function labelled(label: PlacedLabel): PlacedDate | undefined {
  const { kind } = label.match;
  if (!DATE_KINDS.has(kind)) return undefined;
  const score = SCORES[kind] ?? 0;
  const right = firstDate(rightOf(label), kind === 'dateWord' ? 1 : LONGEST_SEARCH);
  if (right !== undefined) return { ...right, page: label.layout.page, kind, score: score - 0.01 * right.at };
  if (kind === 'dateWord') return undefined;
  const below = firstDate(belowLabel(label), 2);
  return below === undefined ? undefined : { ...below, page: label.layout.page, kind, score: score - 0.1 };
}

/** Pages searched for a date without a label; a list of bookings on later pages does not hold the invoice date. */
const PAGES_WITHOUT_LABEL = 2;
const MOST_WORDS_IN_ROW = 60;

function datesOfRow(row: Row, layout: PageLayout): PlacedDate[] {
  if (row.tokens.length > MOST_WORDS_IN_ROW) return [];
  const found: PlacedDate[] = [];
  let i = 0;
  while (i < row.tokens.length) {
    const date = dateAt(row.tokens, i);
    const depth = row.y0 / layout.height;
    if (date !== undefined)
      found.push({ ...date, page: layout.page, kind: undefined, score: 0.5 - 0.3 * depth - 0.1 * layout.page });
    i += date?.tokens.length ?? 1;
  }
  return found;
}

function unlabelled(document: InvoiceDocument, claimed: ReadonlySet<Token>): PlacedDate[] {
  return document.layouts
    .slice(0, PAGES_WITHOUT_LABEL)
    .flatMap((layout) => layout.rows.flatMap((row) => datesOfRow(row, layout)))
    .filter((date) => !date.tokens.some((token) => claimed.has(token)));
}

function best(dates: readonly PlacedDate[]): PlacedDate | undefined {
  return dates.reduce<PlacedDate | undefined>(
    (top, date) => (top === undefined || date.score > top.score + 1e-9 ? date : top),
    undefined,
  );
}

/** The dates of an invoice. */
export interface InvoiceDates {
  readonly date?: Candidate<string>;
  /** The printed due date. */
  readonly due?: Candidate<string>;
}

function toCandidate(date: PlacedDate, order: DayOrder, score: number): Candidate<string> | undefined {
  const value = resolveDate(date.reading, order);
  if (value === undefined) return undefined;
  return candidateOn(value, score - (isOpen(date.reading) ? 0.12 : 0), date.page, date.tokens);
}

/** Returns the first printed due date that is not before the invoice. */
function dueOf(dates: readonly PlacedDate[], order: DayOrder, date: string | undefined): Candidate<string> | undefined {
  return dates
    .map((due) => toCandidate(due, order, 0.95))
    .find((due) => due !== undefined && (date === undefined || due.value >= date));
}

/** Finds the date of the invoice and the printed due date, as ISO dates. */
export function findDates(document: InvoiceDocument): InvoiceDates {
  const withLabel = document.labels.map(labelled).filter((date) => date !== undefined);
  // The label `date` also matches inside `Due date: 3.4.`, so dates of other labels are excluded first.
  const others = new Set(
    withLabel.filter((date) => date.kind === 'due' || date.kind === 'otherDate').flatMap((date) => date.tokens),
  );
  const ours = withLabel.filter(
    (date) => SCORES[date.kind ?? 'due'] !== undefined && !date.tokens.some((token) => others.has(token)),
  );
  const free = unlabelled(document, others);
  const chosen = best([...ours, ...free]);
  const dues = withLabel.filter((date) => date.kind === 'due');
  const [due] = dues;
  const all = [...withLabel, ...free].map((date) => date.reading);
  const order = decideDayOrder(
    document,
    all,
    due === undefined || chosen === undefined ? undefined : { date: chosen.reading, due: due.reading },
  );
  const date = chosen === undefined ? undefined : toCandidate(chosen, order, chosen.score);
  const dueDate = dueOf(dues, order, date?.value);
  return { ...(date === undefined ? {} : { date }), ...(dueDate === undefined ? {} : { due: dueDate }) };
}
