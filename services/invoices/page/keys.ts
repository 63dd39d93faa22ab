/**
 * Turns printed words into keys that can be compared with our tables: without accents and punctuation, and with one
 * letter for each group of shapes that OCR confuses (`0`/`O`, `1`/`l`/`I`, `rn`/`m`).
 */

/** Longest word that is looked up, in characters; longer words carry no label, and the bound keeps odd input linear. */
const LONGEST_WORD = 64;

/** Shortest word that is repaired; a shorter one would too often become another word. */
const SHORTEST_REPAIR = 6;

/** Longest word that is repaired; no label is longer. */
const LONGEST_REPAIR = 24;

/** Lower-cases a text, removes accents, and keeps letters, digits and the signs `# % &`. */
export function fold(text: string): string {
  return text
    .slice(0, LONGEST_WORD)
    .replaceAll('°', 'o')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll(/[^a-z0-9#%&]/g, '');
}

/** Returns the key of a word or phrase: folded, with look-alikes made equal. */
export function keyOf(text: string): string {
  const folded = fold(text);
  if (!/[a-z#]/.test(folded)) return folded;
  return folded
    .replaceAll(/[i1]/g, 'l')
    .replaceAll('0', 'o')
    .replaceAll('5', 's')
    .replaceAll('8', 'b')
    .replaceAll('vv', 'w')
    .replaceAll('rn', 'm');
}

/** Makes keys, repairing words that are one letter away from a known word. */
export type KeyMaker = (text: string) => string;

function* withoutOneLetter(word: string): Generator<string> {
  for (let i = 0; i < word.length; i += 1) yield word.slice(0, i) + word.slice(i + 1);
}

function repairTable(known: ReadonlySet<string>): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  for (const word of known) {
    if (word.length < SHORTEST_REPAIR) continue;
    for (const shorter of withoutOneLetter(word)) table.set(shorter, word);
  }
  return table;
}

/**
 * Returns the known word that differs by one missing or one different letter; other differences count as two mistakes.
 */
function oneMistakeAway(
  key: string,
  known: ReadonlySet<string>,
  table: ReadonlyMap<string, string>,
): string | undefined {
  for (const shorter of withoutOneLetter(key)) {
    const near = known.has(shorter) ? shorter : table.get(shorter);
    if (near !== undefined && near.length <= key.length && near.length >= SHORTEST_REPAIR) return near;
  }
  return undefined;
}

function repair(key: string, known: ReadonlySet<string>, table: ReadonlyMap<string, string>): string {
  if (key.length < SHORTEST_REPAIR - 1 || key.length > LONGEST_REPAIR || known.has(key)) return key;
  const grown = table.get(key);
  if (grown !== undefined || key.length < SHORTEST_REPAIR) return grown ?? key;
  return oneMistakeAway(key, known, table) ?? key;
}

/** Creates a key maker for a vocabulary of keys. It caches what it made, so create one for each document. */
export function createKeyMaker(known: ReadonlySet<string>): KeyMaker {
  const table = repairTable(known);
  const made = new Map<string, string>();
  return (text) => {
    const cut = text.slice(0, LONGEST_WORD);
    const before = made.get(cut);
    if (before !== undefined) return before;
    const key = repair(keyOf(cut), known, table);
    made.set(cut, key);
    return key;
  };
}
