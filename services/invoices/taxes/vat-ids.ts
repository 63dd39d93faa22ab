/** Finds the VAT identification numbers on an invoice and decides which party each belongs to. */
import { boxAround, cellAbove, textOf, type PageLayout, type Row, type Token } from '../page/layout.ts';
import { candidateOn, type Candidate } from '../fields/candidates.ts';
import type { InvoiceDocument } from '../page/document.ts';
import { hasRightDigits } from './vat-digits.ts';
import { nationalVatId, vatIdOf } from './vat-shapes.ts';

/** A number, its place, and the party that it belongs to as far as its own surroundings tell. */
export interface FoundVatId {
  readonly value: string;
  readonly tokens: readonly Token[];
  readonly page: number;
  readonly labelled: boolean;
  readonly party: 'issuer' | 'buyer' | undefined;
}

/** The words of both parties, as far as labels name them, and the rows of the table. */
export interface PartyWords {
  readonly buyer: ReadonlySet<Token>;
  readonly seller: ReadonlySet<Token>;
  readonly tableRows: ReadonlySet<Row>;
}

const MOST_WORDS = 120;
/** Most words in one number: `FR 40 303 265 045`. */
const NUMBER_WORDS = 6;
/** Words before a number that are its label. */
const LABEL_WORDS = 6;

const LABEL =
  /vat|\bust\b|ust[.-]|ustid|umsatzsteuer|mwst|\buid|tva|\bp\.? ?iva\b|\biva\b|partita|btw|\bnif\b|\bn\.i\.f|\bcif\b|\bnipc?\b|contribuinte|\btax (?:id|no|number|reg)|moms|steuer-?nr|tax id/i;
const OF_BUYER =
  /\b(?:your|customer'?s?|client|clients?|buyer'?s?|ihre?|kunden?|empfänger\w*|käufer\w*|votre|acheteur|cliente|comprador|uw|klant|afnemer|vostr[ao]|vs|acquirente|committente|twój|nabywc\w*|adquirente)\b/iu;
const OF_ISSUER =
  /\b(?:our|unsere?|notre|onze|ons|nuestr[ao]|nostr[ao]|nosso|seller'?s?|supplier'?s?|vendor'?s?|sprzedawc\w*|fornitore|leverancier|proveedor|fournisseur|verkäufer\w*|lieferant\w*)\b/iu;

function bareOf(text: string): string {
  return text.length > 40 ? '' : text.toUpperCase().replaceAll(/[^A-Z0-9+*]/g, '');
}

interface Printed {
  readonly value: string;
  readonly tokens: readonly Token[];
}

/** Reads a number without prefix. Two capitals before it are a prefix of whose country it does not have the shape. */
function unprefixed(text: string, label: string): string | undefined {
  return LABEL.test(label) && !/\b[A-Z]{2}$/.test(label) ? nationalVatId(text, label) : undefined;
}

/** Tells whether a longer number replaces the one that ends before it. */
function isBetter(value: string, shorter: Printed | undefined): boolean {
  if (!/\d{2}/.test(value)) return false;
  return shorter === undefined || hasRightDigits(value) || !hasRightDigits(shorter.value);
}

/**
 * Reads the number that begins in the word at `start`, in the words of one cell: the longest one, and before all others
 * the longest with right check digits, because the next word may belong to something else.
 */
function numberAt(tokens: readonly Token[], start: number, label: string): Printed | undefined {
  const first = tokens[start];
  if (first === undefined || !/^[(A-Z\d]/.test(first.text)) return undefined;
  let text = '';
  let best: Printed | undefined;
  for (let end = start; end < Math.min(tokens.length, start + NUMBER_WORDS); end += 1) {
    const token = tokens[end];
    if (token === undefined || token.cell !== first.cell) break;
    text += bareOf(token.text);
    const value = vatIdOf(text) ?? unprefixed(text, label);
    if (value !== undefined && isBetter(value, best)) best = { value, tokens: tokens.slice(start, end + 1) };
  }
  return best;
}

/** Reads a number glued to its label, such as `USt-IdNr.DE123456789`. */
function gluedNumber(token: Token): Printed | undefined {
  const cut = /^\p{L}[\p{L}.-]{1,14}[.:)](?=[A-Z]{2,3}[-A-Z\d]*\d)/u.exec(token.text)?.[0];
  if (cut === undefined || !LABEL.test(cut)) return undefined;
  const value = vatIdOf(bareOf(token.text.slice(cut.length)));
  return value === undefined ? undefined : { value, tokens: [token] };
}

/** Returns the words before a number on its row, or the heading above when nothing stands before it. */
function labelOf(layout: PageLayout, rowIndex: number, row: Row, start: number): string {
  const cell = row.tokens[start]?.cell ?? 0;
  const before = row.tokens.slice(Math.max(0, start - LABEL_WORDS), start).filter((token) => token.cell >= cell - 1);
  const text = textOf(before);
  if (LABEL.test(text) || before.some((token) => token.cell === cell)) return text;
  const token = row.tokens[start];
  return token === undefined ? text : (cellAbove(layout, rowIndex, token, 1)?.cell.text.slice(0, 60) ?? text);
}

function partyOf({ tokens }: Printed, label: string, words: PartyWords, belowTable: boolean): FoundVatId['party'] {
  if (OF_BUYER.test(label)) return 'buyer';
  if (OF_ISSUER.test(label)) return 'issuer';
  if (tokens.some((token) => words.buyer.has(token))) return 'buyer';
  if (tokens.some((token) => words.seller.has(token)) || belowTable) return 'issuer';
  return undefined;
}

interface Place {
  readonly layout: PageLayout;
  readonly rowIndex: number;
  readonly row: Row;
  readonly belowTable: boolean;
}

/** Numbers whose prefix belongs to nothing else. */
const SELF_EVIDENT = /^(?:CHE|ATU)|^NL.{9}B|^NO.*MVA$/;

/** Tells whether a word may begin a number: it holds a digit, or is the prefix of a country. */
function mayBegin(text: string): boolean {
  return text.length <= 40 && (/\d/.test(text) || /^\W?[A-Z]{2,3}\W?$/.test(text));
}

/** Tells whether a number needs no label: its prefix is unique, or it fills a cell, as it does below an address. */
function isSelfEvident(row: Row, { tokens, value }: Printed): boolean {
  if (SELF_EVIDENT.test(value)) return true;
  const [first] = tokens;
  const whole = first !== undefined && row.cells[first.cell]?.tokens.length === tokens.length;
  return whole && first.text.toUpperCase().startsWith(value.slice(0, 2)) && value.length >= 10;
}

/** Reads the number that begins at a word. Orders and articles have numbers of the same shapes, so a sign of a tax number or of a party is needed. */
function idAt({ layout, row, rowIndex, belowTable }: Place, index: number, words: PartyWords): FoundVatId | undefined {
  const token = row.tokens[index];
  if (token === undefined || !mayBegin(token.text)) return undefined;
  const label = labelOf(layout, rowIndex, row, index);
  const glued = gluedNumber(token);
  const printed = glued ?? numberAt(row.tokens, index, label);
  if (printed === undefined) return undefined;
  const labelled = glued !== undefined || LABEL.test(label) || isSelfEvident(row, printed);
  const party = partyOf(printed, label, words, belowTable);
  if (!labelled && (party === undefined || belowTable)) return undefined;
  return { ...printed, page: layout.page, labelled, party };
}

function idsOfRow(place: Place, words: PartyWords, claimed: ReadonlySet<Token>): FoundVatId[] {
  const found: FoundVatId[] = [];
  const { tokens } = place.row;
  for (let i = 0; i < Math.min(tokens.length, MOST_WORDS); i += 1) {
    const token = tokens[i];
    const id = token === undefined || claimed.has(token) ? undefined : idAt(place, i, words);
    if (id === undefined) continue;
    found.push(id);
    i += id.tokens.length - 1;
  }
  return found;
}

/** Finds all numbers outside the table; `claimed` words, such as account numbers, are left out. */
export function findVatIds(document: InvoiceDocument, words: PartyWords, claimed: ReadonlySet<Token>): FoundVatId[] {
  return document.layouts.flatMap((layout) => {
    const table = layout.rows.findLastIndex((row) => words.tableRows.has(row));
    return layout.rows.flatMap((row, rowIndex) =>
      words.tableRows.has(row)
        ? []
        : idsOfRow({ layout, row, rowIndex, belowTable: table >= 0 && rowIndex > table }, words, claimed),
    );
  });
}

/** Returns how far a number stands from the name of the issuer, in parts of the page; other pages are farthest. */
function distance(id: FoundVatId, issuer: Candidate<string> | undefined): number {
  const box = boxAround(id.tokens);
  if (issuer?.box === undefined || box === undefined || issuer.page !== id.page) return 10;
  const apart = Math.max(0, box[0] - issuer.box[2], issuer.box[0] - box[2]);
  return apart + Math.abs(box[1] - issuer.box[1]);
}

const WRONG_DIGITS = 'The check digits are wrong: a digit was misread or misprinted.';

function toCandidate({ value, page, tokens, labelled }: FoundVatId, sure: boolean): Candidate<string> {
  const right = hasRightDigits(value);
  const score = (labelled ? 0.95 : 0.75) - (sure ? 0 : 0.2) - (right ? 0 : 0.3);
  return { ...candidateOn(value, score, page, tokens), ...(right ? {} : { note: WRONG_DIGITS }) };
}

/** The numbers of both parties. */
export interface PartyVatIds {
  readonly issuer?: Candidate<string>;
  readonly buyer?: Candidate<string>;
}

/**
 * Gives each party its number; of numbers without a sign of their party the one nearest to the issuer's name is the
 * issuer's. A number with wrong check digits is taken only where its party has no other.
 */
export function assignVatIds(found: readonly FoundVatId[], name: Candidate<string> | undefined): PartyVatIds {
  const ids = found.toSorted((a, b) => Number(hasRightDigits(b.value)) - Number(hasRightDigits(a.value)));
  const ofIssuer = ids.find((id) => id.party === 'issuer');
  const ofBuyer = ids.find((id) => id.party === 'buyer' && id.value !== ofIssuer?.value);
  const known = new Set([ofIssuer?.value, ofBuyer?.value]);
  const open = ids
    .filter((id) => id.party === undefined && !known.has(id.value))
    .toSorted(
      (a, b) =>
        Number(hasRightDigits(b.value)) - Number(hasRightDigits(a.value)) || distance(a, name) - distance(b, name),
    );
  const issuer = ofIssuer ?? open[0];
  const buyer = ofBuyer ?? open.find((id) => id.value !== issuer?.value);
  return {
    ...(issuer === undefined ? {} : { issuer: toCandidate(issuer, issuer === ofIssuer) }),
    ...(buyer === undefined ? {} : { buyer: toCandidate(buyer, buyer === ofBuyer) }),
  };
}
