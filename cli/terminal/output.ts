/** Tables and lines for people, JSON for programs. */
import Table from 'cli-table3';
import type { BatchOutcome, DocumentView } from '../../contracts/documents/schema.ts';
import type { BatchProgress } from '../../contracts/documents/vocabulary.ts';
import type { CliContext } from './context.ts';

/** Rows of a table that a person still reads. */
const MAX_ROWS = 200;

/** One JSON document on standard output, and nothing else there. */
export function printJson({ stdout }: CliContext, value: unknown): void {
  stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** A line on standard output. */
export function print({ stdout }: CliContext, line: string): void {
  stdout.write(`${line}\n`);
}

/** A line on standard error: what is going on. */
export function note({ stderr }: CliContext, line: string): void {
  stderr.write(`${line}\n`);
}

/** Text without control characters: a file name or a scan must not be able to drive the terminal. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** Columns and nothing else: no lines and no colours, so that it reads the same in a pipe. */
const PLAIN = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .map((name) => [name, '']),
);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    head: [...head],
    chars: { ...PLAIN, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  drawn.push(...rows.slice(0, MAX_ROWS).map((row) => row.map((cell) => printable(cell).replace(/\s+/g, ' '))));
  const more = rows.length > MAX_ROWS ? `\n… and ${rows.length - MAX_ROWS} more; --json lists all` : '';
  return drawn.toString().replace(/ +$/gm, '') + more;
}

/** Any rows under their headings. */
export function rowsTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return table(head, rows);
}

/** Two columns: what, and its value. Values that are absent are left out. */
export function factsTable(facts: Readonly<Record<string, string | number | null | undefined>>): string {
  const rows = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return table(
    [],
    rows.map(([name, value]) => [name, String(value)]),
  );
}

/** One row for each entry of a batch. */
export function outcomesTable(outcomes: readonly BatchOutcome[]): string {
  const rows = outcomes.map(({ name, documentId, status, pages, confidence, failure }) => [
    name,
    documentId ?? '',
    status,
    pages === null ? '' : String(pages),
    percent(confidence),
    failure === null ? '' : shorten(`${failure.type}: ${failure.message}`, 60),
  ]);
  return table(['document', 'id', 'status', 'pages', 'confidence', 'why not'], rows);
}

/** One row for each document. */
export function documentsTable(documents: readonly DocumentView[]): string {
  const rows = documents.map(({ id, name, status, pages, confidence, createdAt }) => [
    id,
    shorten(name, 40),
    status,
    pages === null ? '' : String(pages),
    percent(confidence),
    createdAt,
  ]);
  return table(['id', 'document', 'status', 'pages', 'confidence', 'created'], rows);
}

/** One row for each field of an invoice. */
export function fieldsTable(
  fields: readonly (readonly [name: string, value: string, confidence: number, page: number])[],
): string {
  const rows = fields.map(([name, value, confidence, page]) => [
    name,
    shorten(value, 60),
    percent(confidence),
    String(page + 1),
  ]);
  return table(['field', 'value', 'confidence', 'page'], rows);
}

/** Everything about a document, as facts for {@link factsTable}. */
export function documentFacts(view: DocumentView): Readonly<Record<string, string | number | null>> {
  return {
    document: view.id,
    name: view.name,
    status: view.status,
    type: view.mediaType,
    pages: view.pages,
    confidence: percent(view.confidence),
    engine: view.engine,
    fallback: view.fallbackReason,
    failure: view.failure === null ? null : `${view.failure.type}: ${view.failure.message}`,
    created: view.createdAt,
    started: view.startedAt,
    completed: view.completedAt,
  };
}

/** For example `reading: 12 of 40 read, 1 failed, 4 at work, about 20 s left`. */
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

/** For example `20 s`, `4 min` or `1.5 h`. */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

function percent(share: number | null): string {
  return share === null ? '' : `${Math.round(share * 100)} %`;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
