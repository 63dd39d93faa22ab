/** Finds the bank account that an invoice is to be paid to. */
import { candidateOn, type Candidate } from '../fields/candidates.ts';
import type { InvoiceDocument } from '../page/document.ts';
import { cellBelow, textOf, type PageLayout, type Row, type Token } from '../page/layout.ts';
import { ibanAtStart, repairedIban } from './iban.ts';

/** An account number and the words that it was printed in. */
export interface FoundIban {
  readonly candidate: Candidate<string>;
  readonly tokens: readonly Token[];
  readonly row: Row;
  readonly layout: PageLayout;
}

/** Most words of a row that are searched, because no row of bank data is longer. */
const MOST_WORDS = 200;
const MOST_CELLS = 20;
/** Most words in one account number. */
const NUMBER_WORDS = 12;

/** Words of a direct debit, which name the account of the buyer. */
const DEBIT =
  /lastschrift|abgebucht|abbuch|eingezogen|einzug|direct debit|debited|prélev|prelev|domicili|addebit|incasso|afgeschreven|polecenie zapłaty|débito direto/i;

function compact(text: string): string {
  return text
    .slice(0, 80)
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '');
}

interface FoundInWords {
  readonly value: string;
  readonly tokens: readonly Token[];
  /** True when the number begins its word or stands behind its label. */
  readonly apart: boolean;
}

/** Returns the first words that together hold a number of letters and digits. */
function wordsOfLength(words: readonly string[], length: number): number {
  let [count, seen] = [0, 0];
  while (count < words.length && seen < length) {
    seen += words[count]?.length ?? 0;
    count += 1;
  }
  return count;
}

/** Finds a number that begins in the word at `start`, behind any text glued to it. */
function ibanInWords(tokens: readonly Token[], start: number): FoundInWords | undefined {
  const window = tokens.slice(start, start + NUMBER_WORDS);
  const words = window.map((token) => compact(token.text));
  const all = words.join('');
  for (const match of all.matchAll(/(?=[A-Z]{2}[0-9OILSB]{2})/g)) {
    if (match.index >= (words[0]?.length ?? 0)) return undefined;
    const apart = match.index === 0 || all.slice(0, match.index).endsWith('IBAN');
    const text = all.slice(match.index);
    const value = ibanAtStart(text) ?? (apart ? repairedIban(text) : undefined);
    if (value !== undefined)
      return { value, tokens: window.slice(0, wordsOfLength(words, match.index + value.length)), apart };
  }
  return undefined;
}

function ibansOf(tokens: readonly Token[]): FoundInWords[] {
  const few = tokens.slice(0, MOST_WORDS);
  return few.flatMap((_, index) => ibanInWords(few, index) ?? []);
}

/** Returns the words of a cell that begins a number, followed by the cell below, for numbers broken in narrow columns. */
function brokenCells(layout: PageLayout, rowIndex: number, row: Row): Token[][] {
  return row.cells.slice(0, MOST_CELLS).flatMap((cell) => {
    const start = cell.tokens.findIndex((token) => /^[A-Z]{2}\d{2}/.test(token.text));
    const below = start < 0 ? undefined : cellBelow(layout, rowIndex, cell, 1);
    return below === undefined ? [] : [[...cell.tokens.slice(start), ...below.cell.tokens]];
  });
}

/** Finds all valid account numbers; the checksum makes a number almost certain wherever it stands. */
export function findIbans(document: InvoiceDocument): FoundIban[] {
  return document.layouts.flatMap((layout) =>
    layout.rows.flatMap((row, rowIndex) => {
      const whole = ibansOf(row.tokens);
      const found = whole.length > 0 ? whole : brokenCells(layout, rowIndex, row).flatMap(ibansOf);
      return found.map(({ value, tokens, apart }) => {
        const debit = row.tokens.length <= MOST_WORDS && DEBIT.test(textOf(row.tokens));
        const score = (apart ? 0.97 : 0.7) - (debit ? 0.5 : 0);
        return { candidate: candidateOn(value, score, layout.page, tokens), tokens, row, layout };
      });
    }),
  );
}

/** Chooses the account to pay to: the first that does not stand in the words of a direct debit or of the buyer. */
export function chooseIban(ibans: readonly FoundIban[], buyer: ReadonlySet<Token>): FoundIban | undefined {
  const score = ({ candidate, tokens }: FoundIban): number =>
    candidate.score - (tokens.some((token) => buyer.has(token)) ? 0.4 : 0);
  return ibans.reduce<FoundIban | undefined>(
    (best, iban) => (best === undefined || score(iban) > score(best) ? iban : best),
    undefined,
  );
}
