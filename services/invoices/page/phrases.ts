/** Finds phrases in a row of words regardless of their spacing: `Invoice No`, `InvoiceNo.`, `In voice No`. */
import { keyOf } from './keys.ts';
import type { Token } from './layout.ts';

/** Phrases by kind, indexed for the search. */
export interface PhraseBook<K extends string> {
  readonly kinds: ReadonlyMap<string, K>;
  /** Every prefix of every phrase, so that a search stops early and stays linear. */
  readonly beginnings: ReadonlySet<string>;
  /** Keys of the single words, for the repair of misread words. */
  readonly words: ReadonlySet<string>;
}

/** A match that covers the tokens from `start` up to but not including `end`. */
export interface PhraseMatch<K extends string> {
  readonly kind: K;
  readonly start: number;
  readonly end: number;
}

/** Builds a phrase book from a table in which ` | ` separates the phrases of a kind. */
export function phraseBook<K extends string>(table: Readonly<Record<K, string>>): PhraseBook<K> {
  const kinds = new Map<string, K>();
  const beginnings = new Set<string>();
  const words = new Set<string>();
  for (const kind of Object.keys(table) as K[]) {
    for (const phrase of table[kind].split('|')) {
      const parts = phrase
        .trim()
        .split(/\s+/)
        .map(keyOf)
        .filter((part) => part !== '');
      const key = parts.join('');
      if (key === '') continue;
      kinds.set(key, kind);
      for (let i = 1; i <= key.length; i += 1) beginnings.add(key.slice(0, i));
      for (const part of parts) words.add(part);
    }
  }
  return { kinds, beginnings, words };
}

function longestAt<K extends string>(
  tokens: readonly Token[],
  start: number,
  book: PhraseBook<K>,
): PhraseMatch<K> | undefined {
  let joined = '';
  let best: PhraseMatch<K> | undefined;
  const cell = tokens[start]?.cell;
  for (let i = start; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (token === undefined || token.cell !== cell) break;
    joined += token.key;
    if (joined !== '' && !book.beginnings.has(joined)) break;
    const kind = book.kinds.get(joined);
    if (kind !== undefined && token.key !== '') best = { kind, start, end: i + 1 };
  }
  return best;
}

/** Finds the phrases of the book in the tokens of a row: longest first, never overlapping, never across cells. */
export function findPhrases<K extends string>(tokens: readonly Token[], book: PhraseBook<K>): PhraseMatch<K>[] {
  const found: PhraseMatch<K>[] = [];
  let i = 0;
  while (i < tokens.length) {
    const match = tokens[i]?.key === '' ? undefined : longestAt(tokens, i, book);
    if (match !== undefined) found.push(match);
    i = match?.end ?? i + 1;
  }
  return found;
}
