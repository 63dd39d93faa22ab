/** Detects the encoding of text that is neither UTF-8 nor UTF-16. */
import type { Encoding } from '../../../contracts/imports/encodings.ts';
import { textDecoderOf } from './encoding.ts';
import type { Language } from './languages.ts';
import {
  type IdeographicLanguage,
  ideographLikelihood,
  letterLikelihood,
  type Runs,
  runsOf,
  signLikelihood,
} from './likelihood.ts';

/** What a sample of text tells about its encoding. */
export interface Detection {
  /** The encoding; `undefined` when several fit, or none does. */
  readonly encoding: Encoding | undefined;
  /** The encodings that fit and read other letters, the likeliest first; none when the text fits no language. */
  readonly candidates: readonly Encoding[];
}

/** An encoding, the logarithm of how common its files are, and the languages that are written in it. */
type Candidate = readonly [encoding: Encoding, prior: number, languages: readonly Language[]];

const WESTERN: readonly Language[] = [
  'German',
  'French',
  'Spanish',
  'Portuguese',
  'Italian',
  'Dutch',
  'Swedish',
  'Danish',
  'Norwegian',
  'Finnish',
  'Icelandic',
  'Catalan',
  'Estonian',
];
const CENTRAL: readonly Language[] = ['Polish', 'Czech', 'Slovak', 'Hungarian', 'Romanian', 'Slovenian', 'Croatian'];
const CYRILLIC: readonly Language[] = ['Russian', 'Ukrainian', 'Bulgarian'];

const LETTERS: readonly Candidate[] = [
  ['windows-1252', 0, WESTERN],
  ['windows-1250', -2.5, CENTRAL],
  ['windows-1251', -2, CYRILLIC],
  ['windows-1253', -3, ['Greek']],
  ['windows-1254', -3.5, ['Turkish']],
  ['windows-1255', -3, ['Hebrew']],
  ['windows-1256', -3, ['Arabic', 'Persian']],
  ['windows-1257', -4.5, ['Lithuanian', 'Latvian', 'Estonian']],
  ['windows-874', -3, ['Thai']],
  ['iso-8859-2', -4, CENTRAL],
  ['iso-8859-5', -5, CYRILLIC],
  ['iso-8859-6', -5, ['Arabic']],
  ['iso-8859-7', -5, ['Greek']],
  ['iso-8859-8', -5, ['Hebrew']],
  ['iso-8859-13', -8, ['Lithuanian', 'Latvian']],
  ['koi8-u', -4, CYRILLIC],
  ['ibm866', -4, CYRILLIC],
  ['x-mac-cyrillic', -6, CYRILLIC],
  ['macintosh', -5, WESTERN],
];

interface Ideographic {
  readonly encoding: Encoding;
  readonly prior: number;
  readonly language: IdeographicLanguage;
  /** The leading bytes of the common half of the character set. */
  readonly levelOne: readonly [from: number, to: number];
}

const IDEOGRAPHS: readonly Ideographic[] = [
  { encoding: 'shift_jis', prior: -2, language: 'japanese', levelOne: [0x88, 0x97] },
  { encoding: 'euc-jp', prior: -3, language: 'japanese', levelOne: [0xb0, 0xcf] },
  { encoding: 'gb18030', prior: -2, language: 'simplifiedChinese', levelOne: [0xb0, 0xd7] },
  { encoding: 'big5', prior: -3, language: 'traditionalChinese', levelOne: [0xa4, 0xc6] },
  { encoding: 'euc-kr', prior: -3, language: 'korean', levelOne: [0xb0, 0xc8] },
];

/** A reading of the sample in an encoding, and how likely it is. */
interface Reading {
  readonly encoding: Encoding;
  readonly text: string;
  readonly likelihood: number;
  /** Likelihood of a character beyond ASCII on average. */
  readonly average: number;
}

/**
 * How much likelier the best reading must be than every one that reads other letters. Windows-1252 is by far the
 * commonest, so a choice of another must be surer.
 */
const MARGIN = 6;
const RARE_MARGIN = 10;

/** A reading whose characters are less likely than this on average is that of no language. */
const POOR = -11;

/**
 * Returns the encoding whose reading of a sample is likely, and far likelier than every other one that reads other
 * letters. Where two fit, none is returned, because a wrong one would be saved in silence.
 * @param sample - whole lines with bytes above 127
 */
export function detectEncoding(sample: Buffer): Detection {
  const readings = [
    ...LETTERS.map((candidate) => letterReading(sample, candidate)),
    ...IDEOGRAPHS.map((candidate) => ideographReading(sample, candidate)),
  ].filter((reading) => reading !== undefined);
  const [best, ...others] = readings.sort((a, b) => b.likelihood - a.likelihood);
  if (best === undefined || best.average < POOR) return { encoding: undefined, candidates: [] };
  const least = best.likelihood - (best.encoding === 'windows-1252' ? MARGIN : RARE_MARGIN);
  const rivals = others.filter(({ text, likelihood }) => text !== best.text && likelihood > least);
  return {
    encoding: rivals.length === 0 ? best.encoding : undefined,
    candidates: [best, ...rivals].map(({ encoding }) => encoding),
  };
}

/** What a broken character of UTF-8 costs: files of UTF-8 have hardly any. */
const BROKEN = 20;

/** Whether lines are likelier UTF-8, a few bytes of which are broken, than text in another encoding or in none. */
export function isLikelierUtf8(lines: Buffer, encoding: Encoding | undefined): boolean {
  const text = lines.toString('utf8');
  const runs = runsOf(text.replaceAll('\ufffd', ' '));
  const most = Math.max(
    ...LETTERS.map(([, , languages]) => runsLikelihood(runs, languages)),
    ...IDEOGRAPHS.map(({ language }) => ideographsLikelihood(runs, language, () => true)),
  );
  const other = encoding === undefined ? undefined : readingIn(lines, encoding);
  if (other === undefined) return most > POOR * charactersBeyond(runs);
  return most - BROKEN * (text.match(/\ufffd/gu)?.length ?? 0) > other.likelihood;
}

function charactersBeyond({ beyond }: Runs): number {
  return Math.max(1, beyond.join('').match(/[^\u0000-\u007f]/gu)?.length ?? 0);
}

function readingIn(sample: Buffer, encoding: Encoding): Reading | undefined {
  const letters = LETTERS.find(([name]) => name === encoding);
  if (letters !== undefined) return letterReading(sample, letters);
  const ideographs = IDEOGRAPHS.find((candidate) => candidate.encoding === encoding);
  return ideographs === undefined ? undefined : ideographReading(sample, ideographs);
}

function decoded(sample: Buffer, encoding: Encoding): string | undefined {
  try {
    return textDecoderOf(encoding, true).decode(sample);
  } catch {
    return undefined;
  }
}

function letterReading(sample: Buffer, [encoding, prior, languages]: Candidate): Reading | undefined {
  const text = decoded(sample, encoding);
  if (text === undefined) return undefined;
  const runs = runsOf(text);
  return readingOf({ encoding, text, prior }, runs, runsLikelihood(runs, languages));
}

/** Weight of the other languages of an encoding, because names of one country stand in files of another. */
const OTHERS = 0.2;
/** Words of ASCII are rare between words of a script of its own. */
const ASCII_WORD = 0.7;

function runsLikelihood({ beyond, ascii }: Runs, languages: readonly Language[]): number {
  const totals = languages.map(() => 0);
  let signs = 0;
  for (const run of beyond) {
    signs += signLikelihood(run);
    const each = languages.map((language) => letterLikelihood(run, language));
    const any = logSum(each) - Math.log(each.length);
    for (const [at, likelihood] of each.entries())
      totals[at] = (totals[at] ?? 0) + logSum([likelihood + Math.log(1 - OTHERS), any + Math.log(OTHERS)]);
  }
  const script = languages.includes('Greek') || languages.includes('Russian') || languages.length < 3;
  return signs + logSum(totals) - Math.log(totals.length) - (script ? ASCII_WORD * ascii : 0);
}

function logSum(values: readonly number[]): number {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

function ideographReading(sample: Buffer, { encoding, prior, language, levelOne }: Ideographic): Reading | undefined {
  const text = decoded(sample, encoding);
  if (text === undefined) return undefined;
  const runs = runsOf(text);
  const likelihood = ideographsLikelihood(runs, language, levelOneOf(encoding, levelOne));
  return readingOf({ encoding, text, prior }, runs, likelihood);
}

function ideographsLikelihood(
  { beyond }: Runs,
  language: IdeographicLanguage,
  isLevelOne: (character: string) => boolean,
): number {
  return beyond.reduce((sum, run) => sum + ideographLikelihood(run, language, isLevelOne), 0);
}

const levels = new Map<Encoding, ReadonlySet<string>>();

/** Returns a test of whether a character is of the common half, which only its bytes tell. */
function levelOneOf(encoding: Encoding, [from, to]: readonly [number, number]): (character: string) => boolean {
  let level = levels.get(encoding);
  if (level === undefined) {
    const decoder = textDecoderOf(encoding, false);
    const characters: string[] = [];
    for (let lead = from; lead <= to; lead += 1)
      for (let trail = 0x40; trail <= 0xfe; trail += 1) characters.push(decoder.decode(Buffer.from([lead, trail])));
    level = new Set(characters);
    levels.set(encoding, level);
  }
  return (character) => level.has(character);
}

function readingOf(
  { encoding, text, prior }: { readonly encoding: Encoding; readonly text: string; readonly prior: number },
  runs: Runs,
  likelihood: number,
): Reading {
  return { encoding, text, likelihood: prior + likelihood, average: likelihood / charactersBeyond(runs) };
}
