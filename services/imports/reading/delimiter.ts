/** Finds out by which character the fields of a file are separated. */
import { readRecords, RecordScanner } from './csv.ts';

/** In the order of preference: a comma also stands in decimal numbers, and so comes after the others. */
const DELIMITERS = ['\t', ';', '|', ',', '~', '^', '\u001f', '\u0001', ':'] as const;

/** Most of the first records that are examined. */
const LOOKED_AT = 20;

/** Why a delimiter is chosen: how many columns it cuts the header into, and whether the records agree. */
interface Cut {
  readonly delimiter: string;
  readonly columns: number;
  readonly steady: boolean;
}

/**
 * Returns the delimiter that cuts the first records into the most columns, equally many in each. Where the records
 * disagree, one that cuts the header still comes before none, so that such records are rejected rather than read as one
 * column. Without any the answer is a comma.
 */
export function guessDelimiter(head: Buffer): string {
  const cuts = DELIMITERS.map((delimiter) => cutBy(head, delimiter)).filter(({ columns }) => columns > 1);
  const steady = cuts.filter((cut) => cut.steady);
  const usual = cuts.filter(({ delimiter }) => USUAL.has(delimiter));
  return best(steady) ?? best(usual) ?? ',';
}

const USUAL: ReadonlySet<string> = new Set(['\t', ';', '|', ',']);

function best(cuts: readonly Cut[]): string | undefined {
  return cuts.reduce<Cut | undefined>((most, cut) => (most && most.columns >= cut.columns ? most : cut), undefined)
    ?.delimiter;
}

/** Returns the number of columns that a delimiter cuts the header into. */
export function columnsBy(head: Buffer, delimiter: string): number {
  return cutBy(head, delimiter).columns;
}

function cutBy(head: Buffer, delimiter: string): Cut {
  const scanner = new RecordScanner(head, delimiter);
  const ends: number[] = [];
  for (let at = scanner.endOf(0, false); at > 0 && ends.length < LOOKED_AT; at = scanner.endOf(at, false))
    ends.push(at);
  const text = head.subarray(0, ends.at(-1) ?? head.length).toString('latin1');
  const counts: number[] = [];
  for (const { fields } of readRecords(text, delimiter)) if (fields.join('').trim() !== '') counts.push(fields.length);
  const columns = counts[0] ?? 1;
  const agreeing = counts.filter((count) => count === columns).length;
  // Most records must agree with the header, so that single bad lines do not decide.
  return { delimiter, columns, steady: agreeing * 2 >= counts.length };
}

/** A line by which Excel tells the delimiter of the lines below. */
const SEPARATOR_LINE = /^"?sep=([\t !#-/:-@[\]^_`{-~])"?[\t ,;]*\r?(?:\n|$)/i;

/** Returns the delimiter that the first line names, as in `sep=;`; `undefined` when it names none. */
export function namedDelimiter(head: Buffer): string | undefined {
  return SEPARATOR_LINE.exec(head.toString('latin1', 0, 32))?.[1];
}
