/**
 * The reading order of a text layer. PDFium parts or sorts some lines otherwise than people read them, above all those
 * that are shown turned, so that a turned page is put in order as it stands upright.
 */
import { columnsInOrder } from '../columns/text.ts';
import type { Turn } from '../gray.ts';
import type { Word } from '../port.ts';
import { directionOf } from '../searchable/lines.ts';
import { onPage } from './boxes.ts';
import { LEFTWARDS, type LayerText } from './characters.ts';
import { toShownPlace, toUprightPlace } from './placing.ts';

/** Distance between the beginnings of lines that PDFium sorts, as a share of the page. */
const SAME_START = 0.005;

/** Largest difference between the heights of pieces of one row, in heights of their words. */
const SAME_ROW = 0.3;

/** Clockwise turn that makes lines of each direction run from left to right. */
const UPRIGHT: Readonly<Record<'across' | 'down' | 'up', Turn>> = { across: 0, down: 270, up: 90 };

/**
 * Puts the lines, rows and columns of a page in order; the places of its words stay as they are.
 *
 * @param aspect - width of the page divided by its height
 * @param upsideDown - whether lines that run across are shown upside down
 */
export function inReadingOrder(layer: LayerText, aspect: number, upsideDown: boolean): LayerText {
  const sorted = withLinesInOrder(layer, aspect);
  const rotation = turnOf(linesOf(sorted), aspect, upsideDown);
  if (rotation === 0) return withRowsAndColumns(sorted, aspect);
  const place = { width: aspect, height: 1, rotation, skew: 0 };
  const words = sorted.words.map((word): Word => ({ ...word, box: toUprightPlace(word.box, place) }));
  const upright = rotation === 180 ? withCellsInOrder(words, aspect) : { text: sorted.text, words };
  const ordered = withRowsAndColumns(upright, rotation === 180 ? aspect : 1 / aspect);
  return { ...ordered, words: ordered.words.map((word) => ({ ...word, box: onPage(toShownPlace(word.box, place)) })) };
}

function withRowsAndColumns(layer: LayerText, aspect: number): LayerText {
  return columnsInOrder(withWholeRows(layer, aspect), aspect, (one, next) => (one.line === next.line ? ' ' : '\n'));
}

/** Returns the clockwise turn to the upright page, 0 where no direction has most of the lines. */
function turnOf(lines: readonly (readonly Word[])[], aspect: number, upsideDown: boolean): Turn {
  const counts = { across: 0, down: 0, up: 0 };
  for (const line of lines) counts[directionOf(line, aspect)] += 1;
  const found = (['across', 'down', 'up'] as const).find((direction) => counts[direction] * 2 > lines.length);
  if (found === undefined) return 0;
  return found === 'across' && upsideDown ? 180 : UPRIGHT[found];
}

/** Puts rows in order that PDFium sorted, and sometimes parted, as they are shown upside down. */
function withCellsInOrder(words: readonly Word[], aspect: number): LayerText {
  const rows: Word[][] = [];
  for (const line of linesOf({ words })) {
    const cells = line.some(({ text }) => LEFTWARDS.test(text))
      ? line
      : line.toSorted((one, other) => one.box[0] - other.box[0]);
    const row = rows.at(-1);
    if (row !== undefined && isOneRow(cells, row, aspect)) row.unshift(...cells);
    else rows.push([...cells]);
  }
  return {
    text: rows.map((row) => row.map(({ text }) => text).join(' ')).join('\n'),
    words: rows.flatMap((row, line) => row.map((word) => ({ ...word, line }))),
  };
}

/** Joins lines that PDFium parted though they stand in one row, as it does at a short cell of a table. */
function withWholeRows(layer: LayerText, aspect: number): LayerText {
  const lines = linesOf(layer);
  const texts = layer.text.split('\n').filter((line) => line.trim() !== '');
  const rows: number[] = [];
  let row = -1;
  let text = '';
  lines.forEach((line, at) => {
    const goesOn = isOneRow(lines[at - 1], line, aspect);
    if (!goesOn) row += 1;
    rows.push(row);
    text += (at === 0 ? '' : goesOn ? ' ' : '\n') + (texts[at] ?? '');
  });
  if (row === lines.length - 1) return layer;
  return { text, words: lines.flatMap((line, at) => line.map((word) => ({ ...word, line: rows[at] ?? 0 }))) };
}

function linesOf({ words }: Pick<LayerText, 'words'>): readonly (readonly Word[])[] {
  const lines: Word[][] = [];
  for (const word of words) (lines[word.line] ??= []).push(word);
  return lines;
}

function isOneRow(line: readonly Word[] | undefined, next: readonly Word[], aspect: number): boolean {
  const [one, other] = [line?.at(-1)?.box, next[0]?.box];
  if (line === undefined || one === undefined || other === undefined) return false;
  const height = Math.min(one[3] - one[1], other[3] - other[1]);
  if (other[0] <= one[2] || Math.abs(one[3] - other[3]) > SAME_ROW * height) return false;
  return [line, next].every((each) => directionOf(each, aspect) === 'across');
}

/** Puts lines that read downwards in order, from right to left. */
function withLinesInOrder(layer: LayerText, aspect: number): LayerText {
  const lines = linesOf(layer);
  const order: number[] = [];
  for (let from = 0; from < lines.length;) {
    let to = from + 1;
    while (isSorted(lines[to - 1], lines[to], aspect)) to += 1;
    for (let line = to - 1; line >= from; line -= 1) order.push(line);
    from = to;
  }
  if (order.every((line, at) => line === at)) return layer;
  const texts = layer.text.split('\n').filter((line) => line.trim() !== '');
  return {
    text: order.map((line) => texts[line] ?? '').join('\n'),
    words: order.flatMap((line, at) => (lines[line] ?? []).map((word) => ({ ...word, line: at }))),
  };
}

/** Tells whether a line that reads downwards is followed by one to its right that begins at the same height. */
function isSorted(one: readonly Word[] | undefined, next: readonly Word[] | undefined, aspect: number): boolean {
  const [first, second] = [one?.[0], next?.[0]];
  if (one === undefined || next === undefined || first === undefined || second === undefined) return false;
  if (first.box[0] >= second.box[0] || Math.abs(first.box[1] - second.box[1]) > SAME_START) return false;
  return directionOf(one, aspect) === 'down' && directionOf(next, aspect) === 'down';
}
