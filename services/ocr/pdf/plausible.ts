/**
 * Tells text from nonsense. It only raises a doubt, which recognising the page then settles, so it may be strict: names,
 * codes and rare languages lose time, never text.
 */

/**
 * For each letter, the letters that often follow it: the 220 most frequent pairs of the names of languages, currencies,
 * units and months in 24 languages of Latin script, without accents.
 */
const FOLLOWERS: Readonly<Record<string, string>> = {
  a: 'abcdefghijklmnoprstuvyz',
  b: 'aeioruy',
  c: 'aehioru',
  d: 'aeiosz',
  e: 'abcdegiklmnoprstvz',
  f: 'aeiru',
  g: 'aeioru',
  h: 'aeioru',
  i: 'abcdegjklmnoprstuv',
  j: 'aeiostu',
  k: 'aeiortuy',
  l: 'adeilosu',
  m: 'abeio',
  n: 'acdegikostuy',
  o: 'abcdklmnrstuv',
  p: 'aeiortu',
  q: 'u',
  r: 'abcdegikmorstu',
  s: 'acehiklostuz',
  t: 'aehiorstuy',
  u: 'abdegiklmnprstu',
  v: 'aei',
  w: 'aeo',
  y: 'at',
  z: 'aeio',
};

/** Share of frequent pairs below which a text is doubted: letters at random reach 0.3, shuffled words 0.7, text 0.8. */
const LEAST_FREQUENT = 0.72;
/** The same for a short text, in which a few names and codes weigh more. */
const LEAST_FREQUENT_IN_SHORT = 0.62;
/** Pairs below which a text is too short to judge, and from which it is long. */
const FEW_PAIRS = 20;
const MANY_PAIRS = 80;
/** Share of words from which a fault of their kind makes the whole text doubtful. */
const MANY_BAD_WORDS = 0.15;
/** Share of words of one letter from which letters were taken for words. */
const MANY_SINGLE_LETTERS = 0.6;

/** Tells whether a text looks like nonsense: random letters, text in a wrong encoding, letters that stand apart. */
export function isDoubtful(words: readonly string[]): boolean {
  const lettered = words.filter((word) => /\p{L}/u.test(word));
  if (lettered.length === 0) return false;
  const bad = lettered.filter((word) => isMisencoded(word) || mixesScripts(word)).length;
  if (bad >= 2 && bad >= lettered.length * MANY_BAD_WORDS) return true;
  if (lettered.length >= 12 && singles(lettered) >= lettered.length * MANY_SINGLE_LETTERS) return true;
  return hasRarePairs(lettered);
}

/** Finds UTF-8 that was read as a Latin encoding (`FacturÃ©`, `Ð¿Ñ€Ð¸`), and Cyrillic that was (`Ïðèâåò`). */
function isMisencoded(word: string): boolean {
  if (/[ÂÃÐÑâ][\u0080-\u00BF\u0152-\u0192\u02C6\u02DC\u2013-\u203A\u20AC\u2122]/u.test(word)) return true;
  const letters = word.match(/\p{L}/gu) ?? [];
  const accented = letters.filter((letter) => letter >= '\u00C0' && letter <= '\u00FF').length;
  return letters.length >= 4 && accented >= letters.length * 0.6;
}

function mixesScripts(word: string): boolean {
  const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Arabic}/u];
  // Units such as µm and formulas mix scripts in short words.
  return word.length >= 4 && scripts.filter((script) => script.test(word)).length > 1;
}

function singles(words: readonly string[]): number {
  return words.filter((word) => /^\p{Script=Latin}\p{P}?$/u.test(word)).length;
}

function hasRarePairs(words: readonly string[]): boolean {
  let pairs = 0;
  let frequent = 0;
  for (const word of words) {
    const letters = plainLetters(word);
    // Codes have digits, and short words are often abbreviations.
    if (letters.length < 3 || /\d/.test(word)) continue;
    for (let at = 0; at + 1 < letters.length; at += 1) {
      pairs += 1;
      if (FOLLOWERS[letters.charAt(at)]?.includes(letters.charAt(at + 1)) === true) frequent += 1;
    }
  }
  if (pairs < FEW_PAIRS) return false;
  return frequent < pairs * (pairs < MANY_PAIRS ? LEAST_FREQUENT_IN_SHORT : LEAST_FREQUENT);
}

/** Returns the basic Latin letters of a text in lower case, without accents. */
export function plainLetters(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
}

/**
 * Compares the letters of two texts by groups of three, whatever the order of lines: 1 for the same text, 0.3 and less for
 * texts that have nothing in common.
 */
export function likeness(one: string, other: string): number {
  const [first, second] = [groupsOf(one), groupsOf(other)];
  let both = 0;
  for (const [pair, count] of first) both += Math.min(count, second.get(pair) ?? 0);
  const all = sumOf(first) + sumOf(second);
  return all === 0 ? 0 : (2 * both) / all;
}

/** Counts groups of three characters, because pairs alone are alike in all texts of a language. */
function groupsOf(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of text
    .normalize('NFD')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)) {
    const padded = ` ${word.replaceAll(/\p{M}/gu, '')} `;
    for (let at = 0; at + 3 <= padded.length; at += 1) {
      const part = padded.slice(at, at + 3);
      counts.set(part, (counts.get(part) ?? 0) + 1);
    }
  }
  return counts;
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
