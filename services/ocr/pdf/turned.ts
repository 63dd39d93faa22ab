/**
 * Lines that PDFium parts or sorts otherwise than people read them, above all those that are shown turned. PDFium sorts texts that begin at one height from left to right, as the words
 * of a line are; on a page turned clockwise, the lines themselves begin at one height, and the first of them is rightmost.
 */
import type { Word } from '../port.ts';
import { directionOf } from '../searchable/lines.ts';
import type { LayerText } from './characters.ts';

/** Distance between the beginnings of lines that PDFium sorts, as a share of the page. */
const SAME_START = 0.005;

/** Largest difference between the heights of pieces of one row, in heights of their words. */
const SAME_ROW = 0.3;

/** Joins lines that PDFium parted though they stand in one row, as it does at a short cell of a table. */
export function withWholeRows(layer: LayerText, aspect: number): LayerText {
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

function linesOf({ words }: LayerText): readonly (readonly Word[])[] {
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
export function inReadingOrder(layer: LayerText, aspect: number): LayerText {
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
