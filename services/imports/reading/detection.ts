/** Detects the encoding of text that is neither UTF-8 nor UTF-16. */
import { withoutEnd } from '../../../contracts/values/text.ts';
import type { Encoding } from '../../../contracts/imports/encodings.ts';
import { IDEOGRAPHS, LATIN, SCRIPTS } from './alphabets.ts';
import { textDecoderOf } from './encoding.ts';

/** How well a text fits an encoding: 0 not at all, 1 in all its words. */
interface Fit {
  readonly encoding: Encoding;
  readonly text: string;
  readonly share: number;
}

/** A text fits an encoding when at least this share of its words does. */
const CONFIDENT = 0.6;

/** Share of common characters that a text in an encoding of two bytes reaches; a wrong encoding stays near none. */
const COMMON_IDEOGRAPHS = 0.12;

/**
 * Returns the encoding that the words of a sample fit; `undefined` when none fits well, or two fit equally well and
 * differ. Western European text comes first among equals.
 * @param sample - lines with bytes above 127
 */
export function detectEncoding(sample: Buffer): Encoding | undefined {
  const two = ideographs(sample);
  if (two !== undefined) return two;
  const fits = [...LATIN.map(([encoding, alphabets]) => latinFit(sample, encoding, alphabets)), ...scriptFits(sample)]
    .filter((fit) => fit !== undefined)
    .sort((a, b) => b.share - a.share);
  const [first] = fits;
  return first !== undefined && first.share >= CONFIDENT ? first.encoding : undefined;
}

function ideographs(sample: Buffer): Encoding | undefined {
  const shares = IDEOGRAPHS.map(({ encoding, common }) => ({ encoding, share: commonShare(sample, encoding, common) }));
  const best = shares.reduce((a, b) => (b.share > a.share ? b : a));
  return best.share >= COMMON_IDEOGRAPHS ? best.encoding : undefined;
}

/** The share of common characters among those beyond ASCII; 0 for bytes that are invalid in the encoding. */
function commonShare(sample: Buffer, encoding: Encoding, common: RegExp): number {
  const text = decoded(sample, encoding) ?? '';
  const wide = text.match(/[^\u0000-\u007f]/gu)?.length ?? 0;
  return (text.match(common)?.length ?? 0) / Math.max(1, wide);
}

function decoded(sample: Buffer, encoding: Encoding): string | undefined {
  try {
    return textDecoderOf(encoding, true).decode(sample, { stream: true });
  } catch {
    return undefined;
  }
}

/** Signs that stand alone, or beside numbers, in texts of any language. */
const SIGNS = /^[^\p{L}\p{M}]+$/u;
const TYPOGRAPHIC =
  /^[\u20ac\u201a-\u201f\u2018\u2019\u2026\u2020-\u2022\u2030\u2039\u203a\u2013\u2014\u2122\u00ae\u00a0-\u00a9\u00ab\u00b0-\u00bf\u00d7\u00f7\u2116]+$/u;
/** Signs that stand directly before and after words. */
const BEFORE = /^(?:[\u201c\u201e\u2018\u201a\u00ab\u00bf\u00a1\u2039\u00a0\u2013\u2014]|\u00b0(?=[CF]$))+/u;
const AFTER = /[\u201d\u2019\u201c\u00bb\u2026\u00ae\u2122\u00a9\u203a\u00b0\u00aa\u00ba\u00a0\u2013\u2014]/u;
/** A run of letters and of everything beyond ASCII. */
const WORD = /[A-Za-z\u0080-\u{10ffff}]+/gu;
const FOREIGN = /[^\u0000-\u007f]/u;
/** A letter in upper case behind one in lower case, as wrong decoding often shows it. */
const ODD_CASE = /\p{Ll}\p{Lu}/u;

function wordsOf(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => bare(word)).filter((word) => FOREIGN.test(word));
}

function bare(word: string): string {
  return SIGNS.test(word) ? word : withoutEnd(word.replace(BEFORE, ''), AFTER);
}

/** The share of words that are spelt in one of the alphabets; one alphabet for all words is better than several. */
function latinFit(sample: Buffer, encoding: Encoding, alphabets: readonly string[]): Fit | undefined {
  const text = decoded(sample, encoding);
  if (text === undefined) return undefined;
  const words = wordsOf(text);
  const spelt = words.filter((word) => !ODD_CASE.test(word) || /^\p{Lu}[a-z]{1,2}\p{Lu}/u.test(word));
  const fitsOf = (letters: string): readonly boolean[] => spelt.map((word) => isSpelt(word, letters));
  const fits = alphabets.map(fitsOf);
  const any = spelt.filter((_word, at) => fits.some((fit) => fit[at])).length;
  const one = Math.max(...fits.map((fit) => fit.filter(Boolean).length));
  return { encoding, text, share: (0.85 * any + 0.15 * one) / Math.max(1, words.length) };
}

function isSpelt(word: string, letters: string): boolean {
  if (SIGNS.test(word)) return TYPOGRAPHIC.test(word);
  const foreign = Array.from(word.toLowerCase().normalize('NFC')).filter((letter) => FOREIGN.test(letter));
  return (
    foreign.length * 10 <= word.length * 6 + 4 &&
    foreign.every((letter) => letters.includes(letter) || letter === '\u2019')
  );
}

function scriptFits(sample: Buffer): (Fit | undefined)[] {
  return SCRIPTS.flatMap(({ encodings, script, common }) =>
    encodings.map((encoding) => {
      const text = decoded(sample, encoding);
      if (text === undefined) return undefined;
      const words = wordsOf(text).filter((word) => !TYPOGRAPHIC.test(word));
      const spelt = words.filter((word) => script.test(word) && !ODD_CASE.test(word));
      const letters = Array.from(spelt.join('').toLowerCase());
      const usual = letters.filter((letter) => common.includes(letter)).length / Math.max(1, letters.length);
      // Half of the letters of a text, or more, are the commonest ones of its language.
      return {
        encoding,
        text,
        share: (spelt.length / Math.max(1, words.length)) * (0.8 * Math.min(1, usual / 0.55) + 0.2 * usual),
      };
    }),
  );
}
