/** Formats documents and batches as tables and lines for people. */
import type { BatchOutcome, DocumentView } from '../../contracts/documents/schema.ts';
import type { BatchProgress, PageState } from '../../contracts/documents/vocabulary.ts';
import { duration, rowsTable } from '../terminal/output.ts';

/** Formats the outcomes of a batch, one row for each entry. */
export function outcomesTable(outcomes: readonly BatchOutcome[]): string {
  const rows = outcomes.map(({ name, documentId, status, pages, confidence, reading, failure }) => [
    name,
    documentId ?? '',
    status,
    pages === null ? '' : String(pages),
    percent(confidence, reading),
    failure === null ? '' : shorten(`${failure.type}: ${failure.message}`, 60),
  ]);
  return rowsTable(['document', 'id', 'status', 'pages', 'confidence', 'why not'], rows);
}

/** Headings of a list of documents. */
export const DOCUMENT_HEAD = ['id', 'document', 'status', 'pages', 'confidence', 'created'] as const;

/** Formats one document of a list. */
export function documentCells(view: DocumentView): readonly string[] {
  const { id, name, status, pages, confidence, reading, createdAt } = view;
  return [id, shorten(name, 40), status, pages === null ? '' : String(pages), percent(confidence, reading), createdAt];
}

/** Formats an invoice, one row for each field. */
export function fieldsTable(
  fields: readonly (readonly [name: string, value: string, confidence: number, page: number])[],
): string {
  const rows = fields.map(([name, value, confidence, page]) => [
    name,
    shorten(value, 60),
    percent(confidence),
    String(page + 1),
  ]);
  return rowsTable(['field', 'value', 'confidence', 'page'], rows);
}

/** Returns the facts about a document for `factsTable`. */
export function documentFacts(view: DocumentView): Readonly<Record<string, string | number | null>> {
  return {
    document: view.id,
    name: view.name,
    status: view.status,
    type: view.mediaType,
    pages: view.pages,
    confidence: percent(view.confidence, view.reading),
    unread: unreadPlaces(view),
    hints: hintTexts(view),
    engine: view.engine,
    fallback: view.fallbackReason,
    failure: view.failure === null ? null : `${view.failure.type}: ${view.failure.message}`,
    created: view.createdAt,
    started: view.startedAt,
    completed: view.completedAt,
  };
}

/** Formats the progress of a batch, for example `reading: 12 of 40 read, 1 failed, 4 at work, about 20 s left`. */
export function progressLine(progress: BatchProgress): string {
  const { phase, paused, total, completed, failed, missing, inFlight, remainingMs } = progress;
  const parts = [
    `${paused ? 'paused' : phase}: ${completed} of ${total} read`,
    failed > 0 ? `${failed} failed` : '',
    missing > 0 ? `${missing} missing` : '',
    inFlight > 0 ? `${inFlight} at work` : '',
    phase !== 'reading' || remainingMs === null || remainingMs === 0 ? '' : `about ${duration(remainingMs)} left`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Formats a confidence, and what it leaves out: `91 %, partly read`, `blank`. */
function percent(share: number | null, reading: PageState | null = null): string {
  const parts = [share === null ? '' : `${Math.round(share * 100)} %`, reading === 'read' ? '' : (reading ?? '')];
  return parts.filter((part) => part !== '').join(', ');
}

/** Lists the places that could not be read, with the page from 1 and the region in percent of the page. */
function unreadPlaces({ unread }: DocumentView): string | null {
  if (unread === null || unread.length === 0) return null;
  const places = unread.slice(0, 10).map(({ page, box, reason }) => {
    const [left, top, right, bottom] = box.map((share) => Math.round(share * 100));
    return `page ${page + 1}, ${left}–${right} % across and ${top}–${bottom} % down: ${reason}`;
  });
  if (unread.length > places.length) places.push(`and ${unread.length - places.length} more`);
  return places.join(' ');
}

/** Lists what to know about pages, each text once, with the first page that it is about. */
function hintTexts({ hints }: DocumentView): string | null {
  if (hints === null || hints.length === 0) return null;
  const pages = new Map<string, number[]>();
  for (const { page, text } of hints) pages.set(text, [...(pages.get(text) ?? []), page + 1]);
  const lines = [...pages].map(([text, [first, ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return `page ${first}${more}: ${text}`;
  });
  return lines.join(' ');
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
