/** Places the words of a reading: along which line each stands, and how high its letters are. It does no I/O. */
import type { PageReading, Word } from '../port.ts';

/** A place in fractions of the upright page, from its upper left. */
export type Point = readonly [x: number, y: number];

/** A word with the parallelogram that its letters fill. */
export interface PlacedWord {
  readonly text: string;
  /** Beginning of the base line. */
  readonly start: Point;
  /** End of the base line. */
  readonly end: Point;
  /** Upper corner above the beginning. */
  readonly above: Point;
}

/** Height of a box, as a multiple of its width, from which a word of some letters is turned. */
const TALL = 1.5;
/** Letters from which a word that is not turned is wider than high, even if all of them are narrow. */
const FEWEST_LETTERS = 4;

/** Direction in which the letters of a line follow each other. */
type Direction = 'across' | 'down' | 'up';

/**
 * Places the words of each line of a page, or its text line by line where no places are known.
 *
 * @param aspect - width of the upright page divided by its height
 */
export function placedLines(
  reading: Pick<PageReading, 'words' | 'text'>,
  aspect: number,
): readonly (readonly PlacedWord[])[] {
  const words = reading.words.length > 0 ? reading.words : spreadText(reading.text);
  const lines = new Map<number, Word[]>();
  for (const word of words) {
    const line = lines.get(word.line) ?? [];
    line.push(inside(word));
    lines.set(word.line, line);
  }
  return [...lines.values()].map((line) => placedLine(line, aspect));
}

function inside(word: Word): Word {
  const [left, top, right, bottom] = word.box.map((side) => Math.min(1, Math.max(0, side)));
  return { ...word, text: word.text.replace(/\s+/g, ' '), box: [left ?? 0, top ?? 0, right ?? 0, bottom ?? 0] };
}

/** Gives the words of one line the same top and bottom, so that PDF readers select them as one line. */
function placedLine(words: readonly Word[], aspect: number): PlacedWord[] {
  const direction = directionOf(words, aspect);
  const side = (at: number): number[] => words.map(({ box }) => box[at] ?? 0);
  const [first, last] = direction === 'across' ? [side(1), side(3)] : [side(0), side(2)];
  const low = Math.min(...first);
  const high = Math.max(...last);
  return words.map(({ text, box: [left, top, right, bottom] }) => {
    if (direction === 'across') return { text, start: [left, high], end: [right, high], above: [left, low] };
    if (direction === 'down') return { text, start: [low, top], end: [low, bottom], above: [high, top] };
    return { text, start: [high, bottom], end: [high, top], above: [low, bottom] };
  });
}

/**
 * Tells how a line runs. The boxes of turned words are tall, and the order of the words tells to which side they are
 * turned; a single word is taken to read upwards, as labels beside tables and figures do.
 */
export function directionOf(words: readonly Word[], aspect: number): Direction {
  const long = words.filter(({ text }) => Array.from(text).length >= FEWEST_LETTERS);
  const tall = long.filter(({ box: [left, top, right, bottom] }) => bottom - top > TALL * aspect * (right - left));
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined || tall.length === 0 || tall.length * 2 < long.length) return 'across';
  return first.box[1] < last.box[1] ? 'down' : 'up';
}

/** Spreads the lines of a text without positions over the page, so that a search finds at least the page. */
function spreadText(text: string): Word[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.flatMap((line, at) =>
    line === ''
      ? []
      : [
          {
            text: line,
            confidence: 0,
            line: at,
            box: [0.05, at / lines.length, 0.95, (at + 1) / lines.length] as const,
          },
        ],
  );
}
