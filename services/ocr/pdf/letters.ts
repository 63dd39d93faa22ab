/** Tells pictures with letters from logos, rules and frames, by the marks of ink that stand in a row. */
import { binarise, type GrayPage, type InkPage } from '../gray.ts';
import { smallCopy } from '../prepare.ts';

/** A connected piece of ink. */
interface Mark {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Share of its box that is ink. */
  readonly fill: number;
}

/** Least height of a letter, in pixels of the small copy: five points on a letter-size page. */
const LEAST_HEIGHT = 5;
/** Most marks that are compared; a page of small print has 6,000. */
const MAX_MARKS = 20_000;
/** Marks in a row from which they are a word. */
const LETTERS_OF_WORD = 3;
/** Widest letter, or group of joined letters, in heights. */
const WIDEST = 8;
/** Share of ink of a box from which it is a bar, a dot or a dash. */
const SOLID = 0.85;
/** Share of ink up to which a wide mark may be joined writing. */
const SPARSE = 0.45;
/** Largest gap between letters, in heights, and factor between their heights. */
const GAP = 1;
const TALLER = 2.5;

/** How much a picture looks like writing: as letters in a row, as one joined line that may be handwriting, or not. */
export type Writing = 'letters' | 'perhaps' | 'none';

/** Judges a picture; light writing on a dark ground has to be inverted first. */
export function writingOn(page: GrayPage): Writing {
  const small = smallCopy(page);
  const marks = marksOf(binarise(small), small.height);
  if (hasRow(marks)) return 'letters';
  return marks.some(({ fill, ...mark }) => widthOf(mark) > 1.5 * heightOf(mark) && fill < SPARSE) ? 'perhaps' : 'none';
}

function widthOf({ left, right }: Pick<Mark, 'left' | 'right'>): number {
  return right - left + 1;
}

function heightOf({ top, bottom }: Pick<Mark, 'top' | 'bottom'>): number {
  return bottom - top + 1;
}

/** Finds marks of the size and shape of letters, from left to right. */
function marksOf(page: InkPage, height: number): readonly Mark[] {
  const ink = Uint8Array.from(page.ink);
  const marks: Mark[] = [];
  for (let start = 0; start < ink.length && marks.length < MAX_MARKS; start += 1) {
    if (ink[start] !== 1) continue;
    const mark = takeMark({ ...page, ink }, start);
    if (heightOf(mark) < LEAST_HEIGHT || heightOf(mark) > Math.max(height * 0.95, LEAST_HEIGHT)) continue;
    if (widthOf(mark) <= WIDEST * heightOf(mark)) marks.push(mark);
  }
  return marks.sort((one, other) => one.left - other.left);
}

/** Erases one connected piece of ink and returns its box. */
function takeMark({ width, height, ink }: InkPage, start: number): Mark {
  let [left, top, right, bottom, count] = [width, height, 0, 0, 0];
  const stack = [start];
  ink[start] = 0;
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const x = at % width;
    const y = (at - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    count += 1;
    for (const next of [at - width, at + width, x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1]) {
      if (ink[next] !== 1) continue;
      ink[next] = 0;
      stack.push(next);
    }
  }
  return { left, top, right, bottom, fill: count / ((right - left + 1) * (bottom - top + 1)) };
}

/** Tells whether letters stand in a row somewhere, not all of them bars or dashes. */
function hasRow(marks: readonly Mark[]): boolean {
  const rows: { last: Mark; count: number; open: number }[] = [];
  for (const mark of marks) {
    const row = rows.find(({ last }) => follows(last, mark)) ?? { last: mark, count: 0, open: 0 };
    if (row.count === 0) rows.push(row);
    row.last = mark;
    row.count += 1;
    if (mark.fill < SOLID) row.open += 1;
    if (row.count >= LETTERS_OF_WORD && row.open * 2 >= row.count) return true;
  }
  return false;
}

function follows(last: Mark, next: Mark): boolean {
  const [one, other] = [heightOf(last), heightOf(next)];
  const shared = Math.min(last.bottom, next.bottom) - Math.max(last.top, next.top) + 1;
  return (
    shared >= 0.5 * Math.min(one, other) &&
    Math.max(one, other) <= TALLER * Math.min(one, other) &&
    next.left > last.left &&
    next.left - last.right <= GAP * Math.max(one, other)
  );
}
