/** Tells columns of text from the columns of a table, by what their lines look like. */
import { linesOfColumn, pitchOf, middleOf, type ColumnLine, type Fragment } from './fragments.ts';

/** Fewest lines of a column, and of all columns of a text together. */
const FEWEST_LINES = 2;
const FEWEST_IN_ALL = 6;
/** Share of words with a digit from which lines are rows of figures. */
const MANY_FIGURES = 0.35;
/** Share of lines with a label and a colon from which they are entries of a form. */
const MANY_LABELS = 0.4;
/** Share of short lines beside a line of text from which they are its labels, where most lines of the text have one. */
const MOSTLY_LABELS = 0.7;
/** Share of lines that begin within a sentence, from which running text is certain. */
const CONTINUED = 0.3;
/** Words and characters of a line of running text, where it is certain and where its width has to tell. */
const WORDS_CERTAIN = 2;
const WORDS_UNCERTAIN = 3;
const CHARACTERS_UNCERTAIN = 14;
/** Letters of a line in scripts without spaces. */
const LETTERS = 8;
/** A line is full from this share of the width of its column on; of running text, so many lines are full. */
const FULL = 0.65;
const MOSTLY_FULL = 0.55;
/** Lines of the block of an address. */
const ADDRESS_LINES = [3, 8] as const;
/** Largest share of the width of two columns that notes in the margin take, and least lines of the text beside them. */
const MARGIN = 0.3;
const BESIDE_MARGIN = 5;
/** Distance of lines, in usual distances, up to which they belong to one note. */
const SAME_NOTE = 1.5;
/** Scripts whose letters have no cases, and of which some write no spaces. */
const WITHOUT_CASE =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}\p{Script=Devanagari}]/gu;
const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Tells whether groups of fragments that stand side by side are read one after the other. */
export function areColumns(groups: readonly (readonly Fragment[])[]): boolean {
  const columns = groups.map(linesOfColumn);
  if (columns.some((lines) => lines.length < FEWEST_LINES)) return false;
  if (columns.reduce((sum, { length }) => sum + length, 0) < FEWEST_IN_ALL) return false;
  return columns.every(isRunningText) || areAddresses(columns) || isTextWithMargin(columns);
}

function share(lines: readonly ColumnLine[], holds: (line: ColumnLine) => boolean): number {
  return lines.filter(holds).length / Math.max(1, lines.length);
}

function wordsIn(lines: readonly ColumnLine[]): readonly string[] {
  return lines.flatMap(({ text }) => text.split(' '));
}

function isRunningText(lines: readonly ColumnLine[]): boolean {
  const words = wordsIn(lines);
  if (words.filter((word) => /\p{N}/u.test(word)).length > MANY_FIGURES * words.length) return false;
  if (share(lines, ({ text }) => /\p{L}:(?:\s|$)/u.test(text)) > MANY_LABELS) return false;
  return isMostlyFull(lines) && isWordy(lines, words);
}

/** Tells whether lines have the words of sentences: fewer where many lines begin within one. */
function isWordy(lines: readonly ColumnLine[], words: readonly string[]): boolean {
  const text = words.join('');
  const perLine = words.length / lines.length;
  const isCased = (text.match(WITHOUT_CASE)?.length ?? 0) * 2 < text.length;
  if (!isCased) return WITHOUT_SPACES.test(text) ? text.length / lines.length >= LETTERS : perLine >= WORDS_UNCERTAIN;
  if (share(lines, (line) => /^\p{Ll}/u.test(line.text)) >= CONTINUED) return perLine >= WORDS_CERTAIN;
  return perLine >= WORDS_UNCERTAIN && text.length / lines.length + perLine >= CHARACTERS_UNCERTAIN;
}

function isMostlyFull(lines: readonly ColumnLine[]): boolean {
  const width = Math.max(...lines.map(({ right }) => right)) - Math.min(...lines.map(({ left }) => left));
  return share(lines, ({ left, right }) => right - left >= FULL * width) >= MOSTLY_FULL;
}

/** Tells whether two blocks of short lines head a letter: an address beside another one or beside dates and numbers. */
function areAddresses(columns: readonly (readonly ColumnLine[])[]): boolean {
  return (
    columns.length === 2 && columns.some(isAddress) && columns.every((lines) => isAddress(lines) || isNamed(lines))
  );
}

function isAddress(lines: readonly ColumnLine[]): boolean {
  if (lines.length < ADDRESS_LINES[0] || lines.length > ADDRESS_LINES[1]) return false;
  const hasName = lines.some(({ text }) => /\p{L}{2}/u.test(text) && !/\p{N}/u.test(text));
  const isPlace = (text: string): boolean =>
    /\p{L}{3}/u.test(text) && /(?:^|[\s-])\p{N}{1,6}\p{L}?(?:,|\s|$)/u.test(text);
  return hasName && lines.some(({ text }) => isPlace(text)) && lines.every(({ text }) => hasMoreLetters(text));
}

/** Tells whether each line says what its figures are. */
function isNamed(lines: readonly ColumnLine[]): boolean {
  return (
    lines.length <= ADDRESS_LINES[1] &&
    lines.every(({ text }) => /^\p{L}{3}/u.test(text) && /\s./u.test(text.slice(3)) && !text.endsWith(':'))
  );
}

function hasMoreLetters(text: string): boolean {
  return (text.match(/\p{L}/gu)?.length ?? 0) > (text.match(/\p{N}/gu)?.length ?? 0);
}

/**
 * Tells notes in a margin from labels. A label stands on the first line of what it labels and has one line itself, so
 * that it is read with it.
 */
function isTextWithMargin(columns: readonly (readonly ColumnLine[])[]): boolean {
  const [notes, text] = columns.toSorted((one, other) => widthOf(one) - widthOf(other));
  if (columns.length !== 2 || notes === undefined || text === undefined) return false;
  if (text.length < BESIDE_MARGIN || !isRunningText(text)) return false;
  if (widthOf(notes) > MARGIN * (widthOf(notes) + widthOf(text))) return false;
  const reach = SAME_NOTE * pitchOf(text);
  const near = (one: ColumnLine | undefined, other: ColumnLine): boolean =>
    one !== undefined && Math.abs(middleOf(one) - middleOf(other)) <= reach;
  const isLabel = (line: ColumnLine): boolean =>
    text.some((one) => Math.abs(middleOf(one) - middleOf(line)) <= (line.bottom - line.top) / 2);
  if (notes.length * 2 > text.length && share(notes, isLabel) >= MOSTLY_LABELS) return false;
  const joined = notes.filter((line, at) => near(notes[at - 1], line) || near(notes[at + 1], line));
  return joined.length * 2 > notes.length && notes.every((line) => hasMoreLetters(line.text));
}

function widthOf(lines: readonly ColumnLine[]): number {
  return Math.max(...lines.map(({ right }) => right)) - Math.min(...lines.map(({ left }) => left));
}
