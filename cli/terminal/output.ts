/** Output of commands: tables and lines for people, JSON for programs. */
import Table from 'cli-table3';
import { coloured } from './colours.ts';
import type { CliContext } from './context.ts';

/** Most rows that a table shows. */
const MAX_ROWS = 200;

/** Prints one JSON document on standard output, with `-o jsonl` on one line. */
export function printJson({ stdout, form }: CliContext, value: unknown): void {
  stdout.write(`${form === 'jsonl' ? JSON.stringify(value) : JSON.stringify(value, null, 2)}\n`);
}

/** A list that a command prints. */
export interface Listing<Row> {
  readonly rows: readonly Row[];
  /** What `-o json` prints. @defaultValue the rows */
  readonly page?: unknown;
  readonly head: readonly string[];
  readonly cells: (row: Row) => readonly string[];
  /** Where the next page begins; `null` on the last one. @defaultValue null */
  readonly next?: string | null;
}

/** Prints a list in the form that the command line names. */
export function printList<Row>(
  context: CliContext,
  { rows, page = rows, head, cells, next = null }: Listing<Row>,
): void {
  if (context.form === 'json') {
    printJson(context, page);
    return;
  }
  if (context.form === 'jsonl') for (const row of rows) printJson(context, row);
  else printTable(context, head, rows.map(cells));
  if (next !== null) note(context, `More: --after ${next}`);
}

/** Prints rows under headings. */
export function printTable(context: CliContext, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const [headings = '', ...lines] = rowsTable(head, rows).split('\n');
  print(context, [coloured(context, 'stdout', 'bold', headings), ...lines].join('\n'));
}

/** Prints a line on standard output. */
export function print({ stdout }: CliContext, line: string): void {
  stdout.write(`${line}\n`);
}

/** Prints a line about progress or errors on standard error. */
export function note({ stderr }: CliContext, line: string): void {
  stderr.write(`${line}\n`);
}

/** Removes control characters, so that a file name or a scanned text cannot control the terminal. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** Table style without lines and colours, so that tables are the same in a pipe. */
const PLAIN = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .map((name) => [name, '']),
);

/** Formats rows under headings; only the first 200 are shown. */
export function rowsTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    head: [...head],
    chars: { ...PLAIN, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  drawn.push(...rows.slice(0, MAX_ROWS).map((row) => row.map((cell) => printable(cell).replace(/\s+/g, ' '))));
  const more = rows.length > MAX_ROWS ? `\n… and ${rows.length - MAX_ROWS} more; -o jsonl lists all` : '';
  const lines = drawn.toString().split('\n');
  return lines.map((line) => line.trimEnd()).join('\n') + more;
}

/** Formats names and values in two columns, without the absent values. */
export function factsTable(facts: Readonly<Record<string, string | number | null | undefined>>): string {
  const rows = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return rowsTable(
    [],
    rows.map(([name, value]) => [name, String(value)]),
  );
}

/** Formats a duration, for example `20 s`, `4 min` or `1.5 h`. */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
