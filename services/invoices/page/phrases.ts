/** Finds the phrases of a table in a row of words, whatever their spacing: `Invoice No`, `InvoiceNo.`, `In voice No`. */
import { keyOf } from './keys.ts';
import type { Token } from './layout.ts';

/** Phrases by kind, ready to be looked up. */
export interface PhraseBook<K extends string> {
  readonly kinds: ReadonlyMap<string, K>;
  /** Every beginning of every phrase: lets a search stop early, so it stays linear. */
  readonly beginnings: ReadonlySet<string>;
  /** Keys of the single words, for repairs. */
  readonly words: ReadonlySet<string>;
}

/** A phrase found: tokens `start` up to but not including `end`. */
export interface PhraseMatch<K extends string> {
  readonly kind: K;
  readonly start: number;
  readonly end: number;
}

/** Makes a book from a table of phrases; phrases are separated by ` | `. */
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

/** All phrases of the book in the tokens of a row, longest first, never overlapping and never across cells. */
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
