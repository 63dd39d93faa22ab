/** Finds who issued the invoice from names in the head, in the foot and beside labels, all scored together. */
import { parseDate } from '../dates/dates.ts';
import { classifyAmountLabel } from '../amounts/amount-labels.ts';
import { candidateOn, type Candidate } from '../fields/candidates.ts';
import type { InvoiceDocument } from '../page/document.ts';
import { COLUMN_LABELS } from '../fields/column-labels.ts';
import { FIELD_LABELS } from '../fields/labels.ts';
import type { Cell, PageLayout, Row, Token } from '../page/layout.ts';
import { cleanName, domainOf, hasLegalForm, isAddress, isContact, senderNames, squash } from './names.ts';
import { partyTokens, sameColumn, type Party } from './parties.ts';
import { findPhrases } from '../page/phrases.ts';

interface Name {
  readonly name: string;
  readonly key: string;
  readonly points: number;
  readonly page: number;
  readonly tokens: readonly Token[];
  readonly isRecipient: boolean;
}

/** Rows from the top and the bottom of the first and last page that are searched for the seller's name. */
const HEAD_ROWS = 40;
const FOOT_ROWS = 14;
const MOST_WORDS_IN_CELL = 24;
const BLOCK_ROWS = 7;

/** Points at which a name counts as certain. */
const CERTAIN = 7;

/** Tells whether a cell is a label, with or without its value. */
function isLabelled(cell: Cell): boolean {
  const first = findPhrases(cell.tokens, FIELD_LABELS)[0];
  if (first?.start === 0 && first.kind !== 'title' && first.kind !== 'dateWord') return true;
  const heading = findPhrases(cell.tokens, COLUMN_LABELS)[0];
  if (heading?.start === 0 && heading.end === cell.tokens.length) return true;
  return cell.tokens.length <= 4 && classifyAmountLabel(cell.tokens) !== undefined && !hasLegalForm(cell.text);
}

/** Scores the details of a company in the lines below its name. */
function blockPoints(layout: PageLayout, rowIndex: number, cell: Cell): number {
  let [contact, address] = [0, 0];
  for (let i = rowIndex + 1; i < Math.min(layout.rows.length, rowIndex + BLOCK_ROWS); i += 1) {
    const row = layout.rows[i];
    if (row === undefined || row.y0 - cell.y1 > 12 * layout.wordHeight) break;
    const below = row.cells.slice(0, 20).find((other) => sameColumn(other, cell));
    if (below === undefined) continue;
    if (isContact(below.text)) contact = 1.2;
    if (isAddress(below.text)) address = 0.4;
  }
  return contact + address;
}

function placePoints(cell: Cell, layout: PageLayout): number {
  const depth = cell.y0 / layout.height;
  const top = depth < 0.13 ? 1.5 : depth < 0.25 ? 0.8 : 0;
  const tall = (cell.y1 - cell.y0) / layout.wordHeight;
  return top + Math.min(2.2, Math.max(0, tall - 1.15) * 2.2);
}

function namesAnInvoice(cell: Cell): boolean {
  return findPhrases(cell.tokens, FIELD_LABELS).some(({ kind }) => kind === 'number' || kind === 'title');
}

/** Scores the text of a name, wherever its cell stands on the page. */
function textPoints(name: string, parts: readonly string[]): number {
  return (hasLegalForm(name) ? 2 : 0) + (parts.slice(1).some(isAddress) ? 2.5 : 0);
}

/** Words of the tax numbers whose party is known. */
export interface TaxWords {
  readonly issuer: ReadonlySet<Token>;
  readonly buyer: ReadonlySet<Token>;
}

/** Empty space that ends the lines of one party, in heights of a word. */
const BLOCK_GAP = 1.4;

function namesParty(cell: Cell): boolean {
  const label = findPhrases(cell.tokens, FIELD_LABELS)[0];
  return label?.start === 0 && (label.kind === 'recipient' || label.kind === 'sender');
}

/** Scores a tax number in the lines below a name, or beside it, up to a gap or the next label of a party. */
function taxPoints(layout: PageLayout, rowIndex: number, cell: Cell, tax: TaxWords): number {
  let bottom = cell.y1;
  for (let i = rowIndex; i < Math.min(layout.rows.length, rowIndex + BLOCK_ROWS + 1); i += 1) {
    const other = layout.rows[i]?.cells.slice(0, 20).find((one) => one === cell || sameColumn(one, cell));
    if (other === undefined) continue;
    if (other.y0 - bottom > BLOCK_GAP * layout.wordHeight || (other !== cell && namesParty(other))) return 0;
    bottom = other.y1;
    if (other.tokens.some((token) => tax.issuer.has(token))) return 3;
    if (other.tokens.some((token) => tax.buyer.has(token))) return -5;
  }
  return 0;
}

/** What is known of the parties before the names are compared. */
interface Known {
  readonly recipient: ReadonlySet<Token>;
  readonly tax: TaxWords;
}

function toNames(cell: Cell, row: Row, rowIndex: number, layout: PageLayout, { recipient, tax }: Known): Name[] {
  if (cell.tokens.length > MOST_WORDS_IN_CELL || isLabelled(cell)) return [];
  const parts = senderNames(cell.text);
  // `Note - Invoice 7 of 15 January` has several parts but names no sender.
  if (parts.length > 1 && namesAnInvoice(cell)) return [];
  const name = cleanName(parts[0] ?? '');
  if (name === undefined) return [];
  const first = rowIndex === 0 ? 0.8 : 0;
  const block = blockPoints(layout, rowIndex, cell) + taxPoints(layout, rowIndex, cell, tax);
  const points = textPoints(name, parts) + placePoints(cell, layout) + block + first;
  const words = name.split(' ').length;
  return [
    {
      name,
      key: squash(name),
      points,
      page: row.page,
      tokens: parts.length > 1 ? cell.tokens.slice(0, words) : cell.tokens,
      isRecipient: cell.tokens.some((token) => recipient.has(token)),
    },
  ];
}

/** Splits a sender's line that is separated by commas: `Firm GmbH, Street 1, 12345 Town`. */
function withCommas(cell: Cell): Cell {
  const cut = cell.tokens.findIndex((token) => token.text.endsWith(','));
  const next = cell.tokens[cut + 1]?.text ?? '';
  if (cut < 0 || hasLegalForm(`x ${next}`)) return cell;
  const tokens = cell.tokens.slice(0, cut + 1);
  const text = tokens.map((token) => token.text).join(' ');
  const rest = cell.text.replace(text, '').trim();
  // `Town, 3 March 2024` heads a letter and names nobody.
  if (parseDate(rest.replace(/^\p{L}{2,5}\s/u, '')) !== undefined) return cell;
  return isAddress(rest) ? { ...cell, tokens, text } : cell;
}

function namesOfPage(
  layout: PageLayout,
  known: Known,
  domains: ReadonlyMap<string, unknown>,
  tableRows: ReadonlySet<Row>,
): Name[] {
  const { rows } = layout;
  return rows.flatMap((row, index) => {
    if (tableRows.has(row)) return [];
    const head = index < HEAD_ROWS && row.y0 / layout.height < 0.45;
    const foot = index >= rows.length - FOOT_ROWS;
    if (!head && !foot) return [];
    return row.cells.slice(0, 20).flatMap((cell) => {
      const names = toNames(withCommas(cell), row, index, layout, known);
      // The foot also holds terms and thanks, so a name there needs its legal form or its domain.
      return head ? names : names.filter((name) => hasLegalForm(name.name) || fitsAny(name.name, domains));
    });
  });
}

function namesOfParties(parties: readonly Party[]): Name[] {
  return parties.flatMap((party) => {
    if (party.kind !== 'sender') return [];
    const places = [party.beside, ...party.block.slice(0, 2).map(({ cell }) => cell.tokens)];
    const found = places
      .map((tokens) => ({ tokens, name: cleanName(senderNames(tokens.map((token) => token.text).join(' '))[0] ?? '') }))
      .find((place) => place.name !== undefined);
    if (found?.name === undefined) return [];
    const points = (party.firm ? 4 : 2) + (hasLegalForm(found.name) ? 2 : 0);
    return [
      { name: found.name, key: squash(found.name), points, page: party.page, tokens: found.tokens, isRecipient: false },
    ];
  });
}

interface NamedDomain {
  readonly count: number;
  readonly token: Token;
  readonly page: number;
}

/** Counts how often each domain is named outside the buyer's address. */
function domainsOf(document: InvoiceDocument, recipient: ReadonlySet<Token>): Map<string, NamedDomain> {
  const domains = new Map<string, NamedDomain>();
  for (const row of document.layouts.slice(0, 3).flatMap((layout) => layout.rows)) {
    for (const token of row.tokens) {
      const domain = recipient.has(token) || !token.text.includes('.') ? undefined : domainOf(token.text);
      if (domain === undefined) continue;
      const before = domains.get(domain) ?? { count: 0, token, page: row.page };
      domains.set(domain, { ...before, count: before.count + 1 });
    }
  }
  return domains;
}

/** Tells whether a domain was derived from a name. */
function fitsDomain(name: string, domain: string): boolean {
  const core = squash(domain);
  const key = squash(name);
  if (core.length < 3) return false;
  if (key.includes(core) || (key.length >= 4 && core.includes(key))) return true;
  const words = name
    .split(/[\s&-]+/)
    .map(squash)
    .filter((word) => word.length >= 4);
  if (words.some((word) => core.startsWith(word) || (core.length >= 4 && word.startsWith(core)))) return true;
  const initials = name
    .split(/[\s&-]+/)
    .map((word) => squash(word)[0] ?? '')
    .join('');
  return core.length >= 3 && initials.startsWith(core);
}

function fitsAny(name: string, domains: ReadonlyMap<string, unknown>): boolean {
  return [...domains.keys()].slice(0, 20).some((domain) => fitsDomain(name, domain));
}

function isSenderLine(cell: Cell): boolean {
  if (cell.tokens.length > MOST_WORDS_IN_CELL) return false;
  const parts = senderNames(cell.text);
  return parts.length >= 3 && isAddress(parts.at(-1) ?? '');
}

/**
 * Returns the tokens of the address in the envelope window: it has no label, stands below a sender's line, and is the
 * buyer's.
 */
export function windowTokens(layout: PageLayout): ReadonlySet<Token> {
  const tokens = new Set<Token>();
  layout.rows.slice(0, HEAD_ROWS).forEach((row, index) => {
    const line = row.cells.slice(0, 20).find(isSenderLine);
    if (line === undefined || line.y0 / layout.height > 0.35) return;
    const under = layout.rows
      .slice(index + 1, index + 8)
      .filter((below) => below.y0 - line.y1 <= 16 * layout.wordHeight);
    const cells = under.flatMap((below) => below.cells.slice(0, 20)).filter((cell) => Math.abs(cell.x0 - line.x0) < 25);
    for (const token of cells.flatMap((cell) => cell.tokens)) tokens.add(token);
  });
  return tokens;
}

function merge(names: readonly Name[], domains: ReadonlyMap<string, unknown>): Name[] {
  const merged = new Map<string, Name & { places: number }>();
  const recipients = new Set(names.filter((name) => name.isRecipient).map((name) => name.key));
  for (const name of names) {
    const penalty = name.isRecipient ? -7 : recipients.has(name.key) ? -3 : 0;
    const scored = { ...name, points: name.points + penalty };
    const before = merged.get(name.key);
    const better = before === undefined || scored.points > before.points ? scored : before;
    merged.set(name.key, { ...better, places: (before?.places ?? 0) + 1 });
  }
  return [...merged.values()].map((name) => {
    return {
      ...name,
      points: name.points + Math.min(1.2, 0.6 * (name.places - 1)) + (fitsAny(name.name, domains) ? 3 : 0),
    };
  });
}

function byDomain(domains: ReadonlyMap<string, NamedDomain>): Candidate<string> | undefined {
  const best = [...domains].toSorted((a, b) => b[1].count - a[1].count)[0];
  return best === undefined ? undefined : candidateOn(best[0], 0.3, best[1].page, [best[1].token]);
}

/** Finds the company or person that issued the invoice. */
export function findIssuer(
  document: InvoiceDocument,
  tableRows: ReadonlySet<Row>,
  parties: readonly Party[],
  tax: TaxWords,
): Candidate<string> | undefined {
  const first = document.layouts[0];
  if (first === undefined) return undefined;
  const recipient = new Set([...partyTokens(parties, 'recipient'), ...windowTokens(first)]);
  const last = document.layouts.at(-1);
  const pages = last === undefined || last === first ? [first] : [first, last];
  const domains = domainsOf(document, recipient);
  const names = merge(
    [...pages.flatMap((page) => namesOfPage(page, { recipient, tax }, domains, tableRows)), ...namesOfParties(parties)],
    domains,
  );
  const best = names.reduce<Name | undefined>(
    (top, name) => (top === undefined || name.points > top.points + 1e-9 ? name : top),
    undefined,
  );
  if (best === undefined || best.points < 0.5) return byDomain(domains);
  return candidateOn(best.name, 0.35 + 0.6 * Math.min(1, best.points / CERTAIN), best.page, best.tokens);
}
