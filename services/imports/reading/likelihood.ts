/** How likely a text is in a language, judged by its letters beyond ASCII. Likelihoods are natural logarithms. */
import { COMMON, type Language, PAIRS } from './languages.ts';

/** Classes of pairs have about these shares of all pairs; the classes are those of {@link PAIRS}. */
const SHARES = [0.02, 0.004, 0.0008, 0.000_16];

/** What a pair costs that is not in the list: one of letters that the language has, and one with a letter that it lacks. */
interface Costs {
  readonly unseen: number;
  readonly foreign: number;
}
/** A letter beyond ASCII stands in two pairs, so each counts half. */
const LATIN: Costs = { unseen: -5.75, foreign: -8 };
/** In a script of its own, a letter is judged by the one before it. */
const SCRIPT: Costs = { unseen: -9, foreign: -15 };

interface Model extends Costs {
  readonly pairs: ReadonlyMap<string, number>;
  readonly letters: ReadonlySet<string>;
  readonly isLatin: boolean;
}

const models = new Map<Language, Model>();

function modelOf(language: Language): Model {
  const known = models.get(language);
  if (known !== undefined) return known;
  const classes: readonly string[] = PAIRS[language];
  const letters = new Set(classes.join(''));
  const isLatin = letters.has('e');
  const shares = sharesOf(classes);
  const firsts = new Map<string, number>();
  for (const [[first = ''], share] of shares) firsts.set(first, (firsts.get(first) ?? 0) + share);
  const pairs = new Map<string, number>();
  for (const [pair, share] of shares)
    pairs.set(pair, isLatin ? Math.log(share) / 2 : Math.log(share / (firsts.get(pair[0] ?? '') ?? 1)));
  const model = { pairs, letters, isLatin, ...(isLatin ? LATIN : SCRIPT) };
  models.set(language, model);
  return model;
}

function sharesOf(classes: readonly string[]): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const [at, joined] of classes.entries())
    for (let from = 0; from < joined.length; from += 2) shares.set(joined.slice(from, from + 2), SHARES[at] ?? 1);
  return shares;
}

/** A run of letters of ASCII and of everything beyond it. */
const RUN = /[A-Za-z\u0080-\u{10ffff}]+/gu;
const BEYOND = /[^\u0000-\u007f]/u;

/** The different runs of a text that hold something beyond ASCII, and the number of those that do not. */
export interface Runs {
  readonly beyond: readonly string[];
  readonly ascii: number;
}

/** Runs that are examined: more change nothing. */
const MAX_RUNS = 2000;

/** Cuts a text into its runs. */
export function runsOf(text: string): Runs {
  const all = [...new Set(text.match(RUN) ?? [])];
  const beyond = all.filter((run) => BEYOND.test(run)).slice(0, MAX_RUNS);
  return { beyond, ascii: all.filter((run) => !BEYOND.test(run)).length };
}

const LETTER = /[\p{L}\p{M}]/u;
const CONTROL = /[\u0080-\u009f\ufffd\p{Co}\p{Cn}]/u;

/**
 * Signs and what one costs where it stands: `at` lists the places, each as whether letters stand directly before and
 * behind it. Anywhere else a sign is likelier a letter of another encoding.
 */
const SIGNS: readonly { readonly signs: RegExp; readonly cost: number; readonly at: readonly Place[] }[] = [
  { signs: /[\u2026\u00a0]/u, cost: 3.5, at: ['alone', 'behind'] },
  { signs: /[\u201a\u201c\u201e\u00ab\u2018]/u, cost: 3.5, at: ['alone', 'before'] },
  { signs: /[\u2019\u201c\u201d\u00bb]/u, cost: 3.5, at: ['alone', 'behind'] },
  { signs: /\u00b0/u, cost: 3.5, at: ['alone', 'before', 'behind'] },
  { signs: /[\u20ac\u00a7\u2013\u2014\u2022]/u, cost: 3.5, at: ['alone'] },
  { signs: /[\u00a9\u00aa\u00ae\u00b2\u00b3\u00ba\u2122\u203a]/u, cost: 6, at: ['alone', 'behind'] },
  { signs: /[\u00a1\u00a3\u00b5\u00bf\u2039\u2116]/u, cost: 6, at: ['alone', 'before'] },
  { signs: /[\u00a5\u00b1\u00b7\u00b9\u00bc-\u00be\u00d7\u00f7\u2020\u2021\u2030]/u, cost: 6, at: ['alone'] },
  { signs: /[\u00b7]/u, cost: 6, at: ['between'] },
];

/** Where letters stand beside a sign. */
type Place = 'alone' | 'before' | 'behind' | 'between';

/** An apostrophe behind the letters that languages elide, before the ends that English has, or before a capital. */
const ELISION = /(?:^|[^\p{L}])(?:[cdjlmnst]|qu|\p{L}*(?:ll|un|gl))[\u2018\u2019](?=[aeiouyh\u00c0-\u00ff])/iu;
const SHORTENED = /[\u2018\u2019](?:s|t|d|m|re|ve|ll)$/u;
const BEFORE_CAPITAL = /[\u2018\u2019]\p{Lu}/u;

/** Returns the likelihood of the signs of a run, whatever the language. */
export function signLikelihood(run: string): number {
  const characters = Array.from(run);
  let sum = 0;
  for (const [at, character] of characters.entries()) {
    if (LETTER.test(character)) continue;
    sum -= signCost(character, placeOf(characters[at - 1], characters[at + 1]), run);
  }
  return sum;
}

function placeOf(before: string | undefined, behind: string | undefined): Place {
  const [left, right] = [before, behind].map((character) => character !== undefined && LETTER.test(character));
  if (left === true) return right === true ? 'between' : 'behind';
  return right === true ? 'before' : 'alone';
}

function signCost(sign: string, place: Place, run: string): number {
  if (CONTROL.test(sign)) return 16;
  const apostrophe = APOSTROPHE.test(sign) ? apostropheCost(place, run) : undefined;
  return apostrophe ?? SIGNS.find(({ signs, at }) => signs.test(sign) && at.includes(place))?.cost ?? 12;
}

const APOSTROPHE = /[\u2018\u2019]/u;

/** Returns the cost of an apostrophe; `undefined` for one that opens or closes a quotation. */
function apostropheCost(place: Place, run: string): number | undefined {
  if (place === 'between') return [ELISION, SHORTENED, BEFORE_CAPITAL].some((form) => form.test(run)) ? 3.5 : 14;
  if (place !== 'behind' || isQuoted(run)) return undefined;
  return /s\u2019$/u.test(run) ? 6 : 9;
}

function isQuoted(run: string): boolean {
  const opened = run.indexOf('\u2018');
  return opened !== -1 && run.includes('\u2019', opened + 1);
}

/** Returns the likelihood of the letters of a run in a language. */
export function letterLikelihood(run: string, language: Language): number {
  const model = modelOf(language);
  let sum = 0;
  for (const piece of run.match(/[\p{L}\p{M}]+/gu) ?? []) sum += pieceLikelihood(piece, model);
  return sum;
}

/** A letter in upper case behind one in lower case, as wrong decoding often shows it. */
const ODD_CASE = 4;

/** One word has letters of one script, and few have one letter. */
const MIXED_SCRIPTS = 8;
const LONE_LETTER = 4;

function pieceLikelihood(piece: string, model: Model): number {
  if (!BEYOND.test(piece)) return 0;
  const characters = Array.from(piece);
  const lower = ['^', ...characters.map((character) => lowerOf(character)), '$'];
  let sum = 0;
  for (let at = 1; at < lower.length; at += 1) {
    const likelihood = pairLikelihood(lower[at - 1] ?? '', lower[at] ?? '', model);
    if (likelihood === undefined) continue;
    sum += likelihood;
    if (isLower(characters[at - 2]) && isUpper(characters[at - 1])) sum -= ODD_CASE;
  }
  return model.isLatin ? sum : sum - scriptCost(piece, characters.length);
}

function scriptCost(piece: string, length: number): number {
  return (/[A-Za-z]/.test(piece) ? MIXED_SCRIPTS : 0) + (length === 1 ? LONE_LETTER : 0);
}

/** Returns the likelihood of a pair; `undefined` for one of ASCII, which all encodings read alike. */
function pairLikelihood(a: string, b: string, { pairs, letters, unseen, foreign }: Model): number | undefined {
  if (!BEYOND.test(a) && !BEYOND.test(b)) return undefined;
  return pairs.get(a + b) ?? (letters.has(a) && letters.has(b) ? unseen : foreign);
}

function lowerOf(character: string): string {
  // The small letter of the Turkish dotted capital would be two characters.
  return character === '\u0130' ? character : character.toLowerCase();
}

/** The sharp s stands between capitals, because it had no capital of its own for long. */
const isLower = (character: string | undefined): boolean =>
  character !== undefined && /(?!\u00df)\p{Ll}/u.test(character);
const isUpper = (character: string | undefined): boolean => character !== undefined && /\p{Lu}/u.test(character);

/** Languages that are written with ideographs or syllables. */
export type IdeographicLanguage = keyof typeof COMMON;

const commons = new Map<IdeographicLanguage, ReadonlySet<string>>();

/** Ideographs seldom stand directly beside letters of ASCII. */
const BESIDE_LATIN = 4;

/**
 * Returns the likelihood of a text of ideographs.
 * @param isLevelOne - whether a character is of the common half of its character set
 */
export function ideographLikelihood(
  text: string,
  language: IdeographicLanguage,
  isLevelOne: (character: string) => boolean,
): number {
  const common = commons.get(language) ?? new Set(COMMON[language]);
  commons.set(language, common);
  let sum = /[A-Za-z]/.test(text) && /\p{Script=Han}/u.test(text) ? -BESIDE_LATIN : 0;
  for (const character of text)
    if (BEYOND.test(character))
      sum += ideographic(character, language, common) ?? (isLevelOne(character) ? -9.5 : -13.4);
  return sum;
}

const KANA = /[\u3041-\u3096\u30a1-\u30fc]/u;
const WIDE_SIGN = /[\u2500-\u257f\u3000-\u3002\u300c-\u300f\u3010\u3011\uff01-\uff5e\u00b7\u2014\u2026\u201c\u201d]/u;

/** Returns the likelihood of a character that needs no level; `undefined` for a rare ideograph. */
function ideographic(
  character: string,
  language: IdeographicLanguage,
  common: ReadonlySet<string>,
): number | undefined {
  if (common.has(character)) return -6.5;
  if (KANA.test(character)) return language === 'japanese' ? -4.5 : -12;
  if (WIDE_SIGN.test(character)) return -6;
  if (/\p{Script=Hangul}/u.test(character)) return language === 'korean' ? undefined : -16;
  // Syllables and ideographs are mixed in one word of Korean almost never.
  if (/\p{Script=Han}/u.test(character)) return language === 'korean' ? -13.4 : undefined;
  // Katakana of half width are single bytes, which every text of another encoding has.
  return CONTROL.test(character) ? -16 : -12;
}
