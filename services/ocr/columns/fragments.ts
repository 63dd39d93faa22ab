/** Pieces of lines: the words of one line that no wide gap parts. All lengths are in widths of the page. */
import type { Word } from '../port.ts';

/** Words of one line that stand together. */
export interface Fragment {
  readonly words: readonly Word[];
  /** Number of the fragment in the order in which the page was read. */
  readonly index: number;
  /** Number of the line in the order in which the page was read. */
  readonly line: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Measures of a page by which gaps are judged. */
export interface Measures {
  /** Median height of the words. */
  readonly letter: number;
  /** Width of the page divided by its height. */
  readonly aspect: number;
}

/** Width of a gap that parts a line, in heights of its words: about three spaces, or more than one of a typewriter. */
const PARTING_GAP = 1.1;

/** Returns the middle one of some numbers, 0 for none. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

/** Measures the words of a page. */
export function measuresOf(words: readonly Word[], aspect: number): Measures {
  return { letter: median(words.map(({ box }) => (box[3] - box[1]) / aspect)), aspect };
}

/** Parts the lines of a page at wide gaps; the pieces keep the order of the words. */
export function fragmentsOf(words: readonly Word[], measures: Measures): readonly Fragment[] {
  const groups: Word[][] = [];
  for (const word of words) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last?.line === word.line && gapBetween(last, word) < widestSpace(last, word, measures))
      group.push(word);
    else groups.push([word]);
  }
  return groups.map((group, index) => fragmentOf(group, index, measures.aspect));
}

/** Distance of two words, in either direction because scripts run in both. */
function gapBetween({ box: one }: Word, { box: other }: Word): number {
  return Math.max(other[0] - one[2], one[0] - other[2]);
}

/** Takes the higher word, because the spaces of a headline are as wide as the gaps between columns of small print. */
function widestSpace({ box: one }: Word, { box: other }: Word, { letter, aspect }: Measures): number {
  return PARTING_GAP * Math.max(letter, Math.max(one[3] - one[1], other[3] - other[1]) / aspect);
}

function fragmentOf(words: readonly Word[], index: number, aspect: number): Fragment {
  return {
    words,
    index,
    line: words[0]?.line ?? 0,
    left: Math.min(...words.map(({ box }) => box[0])),
    top: Math.min(...words.map(({ box }) => box[1])) / aspect,
    right: Math.max(...words.map(({ box }) => box[2])),
    bottom: Math.max(...words.map(({ box }) => box[3])) / aspect,
  };
}

/** Returns the height at which the middle of a fragment stands. */
export function middleOf({ top, bottom }: Pick<Fragment, 'top' | 'bottom'>): number {
  return (top + bottom) / 2;
}

/** A line within a column. */
export interface ColumnLine {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Tells whether two pieces of a line are one line of a column too; where lines of columns stand at unlike heights, readers
 * take several lines of one column for one.
 */
export function isOneLine(one: Pick<Fragment, 'line' | 'top' | 'bottom'>, next: typeof one): boolean {
  const height = Math.max(one.bottom - one.top, next.bottom - next.top);
  return one.line === next.line && Math.abs(middleOf(one) - middleOf(next)) <= height;
}

/** Joins the fragments of each line of a column, from top to bottom. */
export function linesOfColumn(fragments: readonly Fragment[]): readonly ColumnLine[] {
  const lines: Fragment[][] = [];
  for (const fragment of fragments) {
    const last = lines.at(-1);
    if (last?.[0] !== undefined && isOneLine(last[0], fragment)) last.push(fragment);
    else lines.push([fragment]);
  }
  return lines
    .map((line) => ({
      text: line.flatMap(({ words }) => words.map(({ text }) => text)).join(' '),
      left: Math.min(...line.map(({ left }) => left)),
      right: Math.max(...line.map(({ right }) => right)),
      top: Math.min(...line.map(({ top }) => top)),
      bottom: Math.max(...line.map(({ bottom }) => bottom)),
    }))
    .sort((one, other) => middleOf(one) - middleOf(other));
}

/** Returns the usual distance from one line to the next, 0 for a single line. */
export function pitchOf(lines: readonly ColumnLine[]): number {
  return median(lines.slice(1).map((line, index) => middleOf(line) - middleOf(lines[index] ?? line)));
}
