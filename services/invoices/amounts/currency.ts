/** Finds the currency of an invoice from the signs and codes at its amounts; codes outweigh shared signs. */
import { candidateOn, type Candidate } from '../fields/candidates.ts';
import { currencyOfMark, currencyOfNumber, isSharedSign } from './currency-marks.ts';
import type { InvoiceDocument } from '../page/document.ts';
import type { Row, Token } from '../page/layout.ts';

/** A sign or code of a currency, with its place on the invoice. */
export interface CurrencyMark {
  readonly code: string;
  readonly weight: number;
  readonly shared: boolean;
  readonly token: Token;
  readonly page: number;
}

const DOLLARS: ReadonlySet<string> = new Set(['USD', 'CAD', 'AUD', 'NZD', 'HKD', 'SGD', 'MXN']);
const CROWNS: ReadonlySet<string> = new Set(['SEK', 'NOK', 'DKK']);
const YENS: ReadonlySet<string> = new Set(['JPY', 'CNY']);

/** Words that name a country and so decide which currency a shared sign means. */
const COUNTRIES: readonly (readonly [RegExp, string])[] = [
  [/^(?:usa|states)$/, 'USD'],
  [/^(?:australia|abn|pty)$/, 'AUD'],
  [/^(?:canada|hst|ontario|quebec|québec)$/, 'CAD'],
  [/^(?:zealand)$/, 'NZD'],
  [/^(?:singapore)$/, 'SGD'],
  [/^(?:norge|norway|mva|oslo)$/, 'NOK'],
  [/^(?:danmark|denmark|cvr|københavn)$/, 'DKK'],
  [/^(?:china|rmb)$/, 'CNY'],
];

function markOf(token: Token, row: Row, index: number): CurrencyMark | undefined {
  if (token.text.length > 32) return undefined;
  const attached = currencyOfNumber(token.text);
  const code = attached ?? currencyOfMark(token.text);
  if (code === undefined) return undefined;
  const neighbours = [row.tokens[index - 1], row.tokens[index + 1]];
  const beside =
    attached !== undefined || neighbours.some((other) => other !== undefined && /^[(−–-]?\d/.test(other.text));
  return { code, weight: beside ? 1 : 0.4, shared: isSharedSign(token.text), token, page: row.page };
}

function family(code: string): ReadonlySet<string> {
  return [DOLLARS, CROWNS, YENS].find((codes) => codes.has(code)) ?? new Set();
}

function byCountry(document: InvoiceDocument, codes: ReadonlySet<string>): string | undefined {
  for (const row of document.layouts.slice(0, 3).flatMap((layout) => layout.rows)) {
    for (const token of row.tokens) {
      if (token.text.length > 24) continue;
      const word = token.text.toLowerCase().replaceAll(/[^\p{L}]/gu, '');
      const country = COUNTRIES.find(([pattern, code]) => codes.has(code) && pattern.test(word));
      if (country !== undefined) return country[1];
    }
  }
  return undefined;
}

/** Resolves a shared sign by a code of the same family elsewhere on the invoice. */
function meaning(mark: CurrencyMark, marks: readonly CurrencyMark[], document: InvoiceDocument): string {
  if (!mark.shared) return mark.code;
  const codes = family(mark.code);
  const named = marks.find((other) => !other.shared && codes.has(other.code));
  return named?.code ?? byCountry(document, codes) ?? mark.code;
}

/** Words for taxes that exist in one currency area only: weak evidence, used when there is no other. */
const TAX_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:mwst|ust|umsatzsteuer|mehrwertsteuer|btw|tva|iva|sepa)$/, 'EUR'],
];

function byTaxWord(document: InvoiceDocument): Candidate<string> | undefined {
  for (const row of document.layouts.flatMap((layout) => layout.rows)) {
    for (const token of row.tokens) {
      const word = token.text
        .slice(0, 20)
        .toLowerCase()
        .replaceAll(/[^a-z]/g, '');
      const found = TAX_WORDS.find(([pattern]) => pattern.test(word));
      if (found !== undefined) return { value: found[1], score: 0.35, page: row.page, reading: 1 };
    }
  }
  return undefined;
}

/** Returns all signs and codes of currencies in a document. */
export function currencyMarks(document: InvoiceDocument): CurrencyMark[] {
  return document.layouts.flatMap((layout) =>
    layout.rows.flatMap((row) =>
      row.tokens.map((token, index) => markOf(token, row, index)).filter((mark) => mark !== undefined),
    ),
  );
}

interface Vote {
  readonly code: string;
  readonly weight: number;
  /** The mark to report as the place of the currency: the one at the total, when there is one. */
  readonly mark: CurrencyMark;
}

function votesOf(document: InvoiceDocument, marks: readonly CurrencyMark[], atTotal: ReadonlySet<Token>): Vote[] {
  const votes = new Map<string, Vote>();
  const meanings = new Map<string, string>();
  for (const mark of marks) {
    const sign = `${mark.code}/${String(mark.shared)}`;
    const code = meanings.get(sign) ?? meaning(mark, marks, document);
    meanings.set(sign, code);
    const before = votes.get(code);
    const isAtTotal = atTotal.has(mark.token);
    const weight = (before?.weight ?? 0) + mark.weight + (isAtTotal ? 5 : 0);
    votes.set(code, { code, weight, mark: before === undefined || isAtTotal ? mark : before.mark });
  }
  return [...votes.values()];
}

/** Finds the currency of a document; marks at the total count most. */
export function findCurrency(
  document: InvoiceDocument,
  marks: readonly CurrencyMark[],
  totalRow: Row | undefined,
): Candidate<string> | undefined {
  const atTotal = new Set(totalRow?.tokens ?? []);
  const sorted = votesOf(document, marks, atTotal).toSorted((a, b) => b.weight - a.weight);
  const best = sorted[0];
  if (best === undefined) return byTaxWord(document);
  const all = sorted.reduce((sum, vote) => sum + vote.weight, 0);
  const score = (best.mark.shared ? 0.85 : 0.97) * (0.6 + (0.4 * best.weight) / all);
  return candidateOn(best.code, score, best.mark.page, [best.mark.token]);
}
