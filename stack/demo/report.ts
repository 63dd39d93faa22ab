/** The final table of the demo: a row for each document, and whether every readable one was read. */
import Table from 'cli-table3';
import type { BatchOutcome } from '../../contracts/documents/schema.ts';
import type { FailureType } from '../../contracts/failures.ts';

/** A row of the table. */
export interface DemoRow {
  readonly outcome: BatchOutcome;
  readonly text: string;
  /** From the start of reading to the stored result, in milliseconds. */
  readonly elapsedMs: number | null;
}

/** Failures of files that cannot be read by any engine. */
const UNREADABLE: ReadonlySet<FailureType> = new Set([
  'EmptyFile',
  'UnsupportedMedia',
  'CorruptDocument',
  'EncryptedDocument',
  'DuplicateDocument',
]);

/** Characters of the text that fit into the table. */
const FIRST_WORDS = 38;

/** Formats the table of all documents and a line with the counts. */
export function reportOf(rows: readonly DemoRow[]): string {
  const table = new Table({
    head: ['document', 'pages', 'status', 'confidence', 'first words', 'time'],
    style: { head: [], border: [] },
  });
  for (const row of rows) table.push(cells(row));
  const failed = rows.filter(({ outcome }) => outcome.status !== 'completed').length;
  return `${table.toString()}\n${String(rows.length - failed)} read, ${String(failed)} not read${judged(failed, rows)}\n`;
}

/** Explains whether the unread documents are expected, because the samples contain broken files on purpose. */
function judged(failed: number, rows: readonly DemoRow[]): string {
  const bad = unexpected(rows).length;
  if (failed === 0) return '';
  return bad === 0 ? ': broken files, which nobody could read' : `, ${String(bad)} of them readable: see below`;
}

function cells({ outcome, text, elapsedMs }: DemoRow): string[] {
  const { name, pages, status, confidence, failure } = outcome;
  return [
    printable(name),
    pages === null ? '' : String(pages),
    status,
    confidence === null ? '' : `${(confidence * 100).toFixed(0)} %`,
    failure === null ? firstWords(text) : failure.type,
    elapsedMs === null ? '' : `${(elapsedMs / 1000).toFixed(1)} s`,
  ];
}

function firstWords(text: string): string {
  const words = printable(text.trim().replaceAll(/\s+/g, ' '));
  return words.length > FIRST_WORDS ? `${words.slice(0, FIRST_WORDS - 1)}…` : words;
}

/** Removes control characters, because names and texts come from untrusted files. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?');
}

/** Returns the readable documents that were not read; the demo fails when there is one. */
export function unexpected(rows: readonly DemoRow[]): readonly DemoRow[] {
  return rows.filter(
    ({ outcome: { status, failure } }) => status !== 'completed' && !(failure !== null && UNREADABLE.has(failure.type)),
  );
}
