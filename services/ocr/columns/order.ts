/**
 * Puts the words of a page with columns in reading order. Readers of PDFs and OCR engines take what stands at one height
 * for one line, which mixes the sentences of columns. A page is cut as by the recursive XY-cut: at lines that reach over
 * several columns, then at the gutters between columns; what is no column of text, such as a table, is never cut.
 */
import type { Word } from '../port.ts';
import {
  fragmentsOf,
  linesOfColumn,
  measuresOf,
  middleOf,
  pitchOf,
  type Fragment,
  type Measures,
} from './fragments.ts';
import { areColumns } from './kinds.ts';

/** Places across a page where a gutter is looked for; the narrowest gutter is wider than their distance. */
const PLACES = 240;
/** Least width of a gutter, in heights of a word. */
const GUTTER = 1.1;
/** Most pieces of lines on a page that is cut; a newspaper has 2,000. */
const MOST_FRAGMENTS = 4_000;
/** Cuts inside each other; the bound keeps the work on a malicious page small. */
const DEEPEST = 8;
/** Distance, in usual distances of lines, from which a line at the end of a column is no part of it. */
const APART = 2;
/** The same for a gap across all columns, as a picture leaves it. */
const PICTURE = 3;

/** A part of the page that is cut. */
interface Cut {
  readonly before: readonly Fragment[];
  readonly columns: readonly (readonly Fragment[])[];
  readonly after: readonly Fragment[];
}

/**
 * Returns the words as blocks in reading order; the words of a block keep their order and their line numbers.
 *
 * @param aspect - width of the page divided by its height
 */
export function blocksInOrder(words: readonly Word[], aspect: number): readonly (readonly Word[])[] {
  const measures = measuresOf(words, aspect);
  const fragments = fragmentsOf(words, measures);
  if (fragments.length > MOST_FRAGMENTS) return [words];
  return ordered(fragments, measures, 0).map((block) => block.flatMap((fragment) => fragment.words));
}

function ordered(fragments: readonly Fragment[], measures: Measures, depth: number): readonly (readonly Fragment[])[] {
  if (fragments.length === 0) return [];
  const cut = depth < DEEPEST ? bestCut(fragments, measures) : undefined;
  if (cut === undefined) return [fragments];
  return [cut.before, ...cut.columns, cut.after].flatMap((part) => ordered(part, measures, depth + 1));
}

/** Lines of which none reaches over a place. */
interface Run {
  readonly at: number;
  /** Number of the first line, from the top. */
  readonly from: number;
  readonly members: readonly Fragment[];
}

/** Finds the columns that hold most of a part of the page. */
function bestCut(fragments: readonly Fragment[], measures: Measures): Cut | undefined {
  const falling = fragments.toSorted((one, other) => middleOf(one) - middleOf(other));
  const runs = new Map<string, Run>();
  for (let place = 1; place < PLACES; place += 1) {
    for (const run of runsBeside(falling, place / PLACES)) {
      const left = run.members.filter(({ right }) => right <= run.at).length;
      if (left > 0 && left < run.members.length) runs.set([run.from, run.members.length, left].join(' '), run);
    }
  }
  for (const run of [...runs.values()].sort((one, other) => other.members.length - one.members.length)) {
    const found = columnsIn(run, measures);
    if (found !== undefined) return cutOut(fragments, found);
  }
  return undefined;
}

function runsBeside(falling: readonly Fragment[], at: number): readonly Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (let next = 0; next <= falling.length; next += 1) {
    const fragment = falling[next];
    if (fragment !== undefined && (fragment.left >= at || fragment.right <= at)) continue;
    if (next > from + 1) runs.push({ at, from, members: falling.slice(from, next) });
    from = next + 1;
  }
  return runs;
}

/** Returns the columns among some lines: as many as there are gutters, or those on both sides of one gutter. */
function columnsIn({ members: falling, at }: Run, measures: Measures): readonly (readonly Fragment[])[] | undefined {
  const members = falling.toSorted((one, other) => one.index - other.index);
  const sides = [members.filter(({ right }) => right <= at), members.filter(({ left }) => left >= at)];
  const kept = withoutEnds(sides);
  const all = partedByGutters(kept.flat(), measures);
  const candidates = all.length > 2 ? [all, kept] : [kept];
  return candidates.find((columns) => hasGutters(columns, measures) && areColumns(columns));
}

function partedByGutters(fragments: readonly Fragment[], { letter }: Measures): readonly (readonly Fragment[])[] {
  const starts: number[] = [];
  let edge = -Infinity;
  for (const { left, right } of fragments.toSorted((one, other) => one.left - other.left)) {
    if (left - edge >= GUTTER * letter) starts.push(left);
    edge = Math.max(edge, right);
  }
  return starts.map((start, at) => {
    const end = starts[at + 1] ?? Infinity;
    return fragments.filter(({ left }) => left >= start && left < end);
  });
}

function hasGutters(columns: readonly (readonly Fragment[])[], { letter }: Measures): boolean {
  return columns.every((column, at) => {
    const before = columns[at - 1];
    if (column.length === 0) return false;
    if (before === undefined) return true;
    const gap = Math.min(...column.map(({ left }) => left)) - Math.max(...before.map(({ right }) => right));
    return gap >= GUTTER * letter;
  });
}

/** Leaves out lines above and below columns that only stand on one side, such as titles and page numbers. */
function withoutEnds(sides: readonly (readonly Fragment[])[]): readonly (readonly Fragment[])[] {
  const pitch = Math.max(...sides.map((side) => pitchOf(linesOfColumn(side))));
  const spans = sides.map((side) => ({
    top: Math.min(...side.map(({ top }) => top)),
    bottom: Math.max(...side.map(({ bottom }) => bottom)),
  }));
  const [top, bottom] = [Math.max(...spans.map((span) => span.top)), Math.min(...spans.map((span) => span.bottom))];
  return sides.map((side) => {
    const lines = linesOfColumn(side);
    let [from, to] = [-Infinity, Infinity];
    lines.forEach((line, at) => {
      const next = lines[at + 1];
      if (next === undefined || middleOf(next) - middleOf(line) <= APART * pitch) return;
      if (line.bottom <= top) from = line.bottom;
      if (next.top >= bottom) to = Math.min(to, next.top);
    });
    return side.filter((fragment) => fragment.top >= from && fragment.bottom <= Math.max(to, bottom));
  });
}

/** Cuts columns out of a part of the page; columns of scripts that run from right to left begin at the right. */
function cutOut(fragments: readonly Fragment[], found: readonly (readonly Fragment[])[]): Cut {
  const upper = abovePicture(found);
  const members = upper.flat();
  const taken = new Set(members);
  const others = fragments.filter((fragment) => !taken.has(fragment));
  const [top, bottom] = [Math.min(...members.map(middleOf)), Math.max(...members.map(middleOf))];
  return {
    before: others.filter((fragment) => middleOf(fragment) < (top + bottom) / 2),
    columns: runsLeftwards(members) ? upper.toReversed() : upper,
    after: others.filter((fragment) => middleOf(fragment) >= (top + bottom) / 2),
  };
}

/**
 * Returns the part of columns above a gap across all of them, if the page was read to that gap first: text goes on below
 * a picture where its columns do, and beside it where the order of the words says so.
 */
function abovePicture(columns: readonly (readonly Fragment[])[]): readonly (readonly Fragment[])[] {
  const falling = columns.flat().sort((one, other) => one.top - other.top);
  const least = PICTURE * Math.max(...columns.map((column) => pitchOf(linesOfColumn(column))));
  let reached = falling[0]?.bottom ?? 0;
  for (const [at, { top, bottom }] of falling.entries()) {
    if (top - reached >= least && isReadFirst(falling.slice(0, at), falling.slice(at))) {
      const upper = columns.map((column) => column.filter((one) => one.top < top));
      if (areColumns(upper)) return upper;
    }
    reached = Math.max(reached, bottom);
  }
  return columns;
}

function isReadFirst(upper: readonly Fragment[], lower: readonly Fragment[]): boolean {
  return Math.max(...upper.map(({ line }) => line)) < Math.min(...lower.map(({ line }) => line));
}

function runsLeftwards(fragments: readonly Fragment[]): boolean {
  const text = fragments.flatMap(({ words }) => words.map((word) => word.text)).join('');
  const leftwards = text.match(/[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/gu)?.length ?? 0;
  return leftwards * 2 > (text.match(/\p{L}/gu)?.length ?? 0);
}
