/** Finds the code of the bank (BIC, ISO 9362): four letters, a country, two characters, and optionally a branch. */
import { candidateOn, type Candidate } from '../fields/candidates.ts';
import type { InvoiceDocument } from '../page/document.ts';
import { cellBelow, type PageLayout, type Row, type Token } from '../page/layout.ts';
import type { FoundIban } from './accounts.ts';
import { ibanLength } from './iban.ts';

const SHAPE = /^[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/;

/** Countries that have banks with such codes and no IBAN. */
const WITHOUT_IBAN: ReadonlySet<string> = new Set(
  'AR AU CA CL CN CO HK ID IN JP KE KR MA MX MY NG NZ PE PH SG TH TW US UY VN ZA'.split(' '),
);

const LABEL = /^(?:BIC|SWIFT|SWIFTBIC|BICSWIFT|SWIFTCODE|BICCODE|CODEBIC|CODICEBIC|CODIGOBIC)$/;

/** Words searched behind a label. */
const LONGEST_SEARCH = 6;
const MOST_WORDS = 200;

function bare(text: string): string {
  return text.length > 24 ? '' : text.replaceAll(/[^A-Za-z0-9]/g, '');
}

function bicOf(text: string): string | undefined {
  const country = SHAPE.exec(text)?.[1];
  return country !== undefined && (ibanLength(country) !== undefined || WITHOUT_IBAN.has(country)) ? text : undefined;
}

interface Code {
  readonly value: string;
  readonly tokens: readonly Token[];
}

/** Reads a code from one word, or from the words of a spaced code such as `COBA DE FF XXX`. */
function codeAt(tokens: readonly Token[], start: number): Code | undefined {
  let text = '';
  let best: Code | undefined;
  for (let end = start; end < Math.min(tokens.length, start + 4); end += 1) {
    text += bare(tokens[end]?.text ?? '');
    const value = bicOf(text);
    if (value !== undefined) best = { value, tokens: tokens.slice(start, end + 1) };
    if (text.length >= 8 && end === start) break;
  }
  return best;
}

function firstCode(tokens: readonly Token[]): Code | undefined {
  for (let start = 0; start < Math.min(tokens.length, LONGEST_SEARCH); start += 1) {
    const code = codeAt(tokens, start);
    if (code !== undefined) return code;
  }
  return undefined;
}

function labelled(layout: PageLayout, row: Row, rowIndex: number): Candidate<string>[] {
  return row.tokens.slice(0, MOST_WORDS).flatMap((token, index) => {
    const text = bare(token.text);
    const glued = bicOf(text.replace(/^(?:BIC|SWIFT)/, ''));
    if (/^(?:BIC|SWIFT)[A-Z0-9]{8,11}$/.test(text) && glued !== undefined)
      return [candidateOn(glued, 0.95, layout.page, [token])];
    if (!LABEL.test(text.toUpperCase())) return [];
    const right = firstCode(row.tokens.slice(index + 1, index + 1 + LONGEST_SEARCH));
    const code = right ?? firstCode(cellBelow(layout, rowIndex, token, 1)?.cell.tokens ?? []);
    return code === undefined
      ? []
      : [candidateOn(code.value, right === undefined ? 0.85 : 0.95, layout.page, code.tokens)];
  });
}

/** Reads a code without a label on the rows beside the account, when it names the country of the account. */
function besideIban({ layout, row, candidate }: FoundIban): Candidate<string>[] {
  const at = layout.rows.indexOf(row);
  return layout.rows.slice(Math.max(0, at - 1), at + 3).flatMap((near) =>
    near.tokens.slice(0, MOST_WORDS).flatMap((token) => {
      const value = bicOf(bare(token.text));
      const fits = value?.slice(4, 6) === candidate.value.slice(0, 2);
      return fits ? [candidateOn(value, 0.6, layout.page, [token])] : [];
    }),
  );
}

/** Finds the code of the bank; one of the country of the account outweighs others. */
export function findBic(document: InvoiceDocument, iban: FoundIban | undefined): Candidate<string> | undefined {
  const named = document.layouts.flatMap((layout) =>
    layout.rows.flatMap((row, rowIndex) => labelled(layout, row, rowIndex)),
  );
  const country = iban?.candidate.value.slice(0, 2);
  const fitting = named.find(({ value }) => value.slice(4, 6) === country);
  return fitting ?? named[0] ?? (iban === undefined ? undefined : besideIban(iban)[0]);
}
