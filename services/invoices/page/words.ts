/**
 * Normalises the words of any reader to one word with one finite box. Some readers return whole lines, several words
 * with the box of their line, or text without boxes; these are spread over the known area.
 */
import type { PageReading, Word } from '../../ocr/port.ts';

/** Left, top, right and bottom as fractions of the page. */
export type Box = readonly [number, number, number, number];

/** A word ready for the layout. */
export interface PlacedWord {
  readonly text: string;
  readonly confidence: number;
  readonly box: Box;
}

const TAG = /<[^<>]{0,80}>/g;

function clamp(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}

function cleanBox(box: readonly number[]): Box {
  const [a = 0, b = 0, c = 0, d = 0] = box.map(clamp);
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/** A sign or abbreviation for a number at the start of a word, with the number right behind it: `n°12`, `Rechnungsnr.12`. */
const GLUED_NUMBER = /^(?:\p{L}{0,20}[°º№]|\p{L}{0,20}n[ro]\.)(?=[\p{L}\d]{0,10}[-/]?\d)/iu;

/** Splits `Total:12.00`, `Invoice#12` and `n°12` into two words but keeps links and times whole. */
function glueCuts(text: string): number[] {
  const cuts: number[] = [];
  if (text.length > 80 || text.includes('://')) return cuts;
  for (const match of text.matchAll(/(?<=\p{L}{2}\.?\)?)[:#](?=[^:/\s])|(?<=^[#:])(?=[\p{L}\d])/gu)) {
    if (match[0] === '') cuts.push(match.index);
    else if (match[0] === ':') cuts.push(match.index + 1);
    else cuts.push(match.index, match.index + 1);
  }
  const sign = GLUED_NUMBER.exec(text)?.[0];
  return sign === undefined ? cuts : [...cuts, sign.length].toSorted((one, other) => one - other);
}

interface Piece {
  readonly text: string;
  readonly start: number;
}

function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  for (const match of text.matchAll(/[^\s|]+/g)) {
    let start = 0;
    for (const cut of [...glueCuts(match[0]), match[0].length]) {
      if (cut > start) found.push({ text: match[0].slice(start, cut), start: match.index + start });
      start = cut;
    }
  }
  return found;
}

/** Spreads the pieces of a text over its box in proportion to their letters. */
function spread(text: string, box: Box, confidence: number, letters: number): PlacedWord[] {
  const step = (box[2] - box[0]) / Math.max(letters, 1);
  return pieces(text).map((piece) => ({
    text: piece.text,
    confidence,
    box: [box[0] + piece.start * step, box[1], box[0] + (piece.start + piece.text.length) * step, box[3]],
  }));
}

/** Replaces table marks (HTML or Markdown) by wide gaps. */
function withoutMarks(text: string): string {
  return text.replaceAll(TAG, '    ').replaceAll('|', '   |   ');
}

function sameBox(a: Box, b: Box): boolean {
  return a.every((value, index) => value === b[index]);
}

/** Joins consecutive words that share one box into one line of text. */
function joinShared(words: readonly Word[]): { text: string; confidence: number; box: Box }[] {
  const joined: { parts: string[]; confidence: number; box: Box; line: number }[] = [];
  for (const word of words) {
    const box = cleanBox(word.box);
    const last = joined.at(-1);
    if (last !== undefined && last.line === word.line && sameBox(last.box, box)) last.parts.push(word.text);
    else joined.push({ parts: [word.text], confidence: clamp(word.confidence), box, line: word.line });
  }
  return joined.map(({ parts, confidence, box }) => ({ text: parts.join(' '), confidence, box }));
}

/** Lays out a page that has text but no words, with rows of equal height and letters of equal width. */
function fromText(text: string): PlacedWord[] {
  const lines = text.split(/\r?\n|\f/);
  const widest = lines.reduce((most, line) => Math.max(most, line.length), 60);
  const rows = Math.max(lines.length, 40);
  return lines.flatMap((line, index) => {
    const plain = withoutMarks(line.replaceAll('\t', '    '));
    return spread(
      plain,
      [0, (index + 0.1) / rows, Math.min(1, plain.length / widest), (index + 0.9) / rows],
      0.8,
      plain.length,
    );
  });
}

/** Recognises rules and page borders, which OCR returns as one very tall character. */
function isRule(word: PlacedWord): boolean {
  return word.box[3] - word.box[1] > 0.15 || !/[\p{L}\p{N}#%$€£¥₹&@,.:;()+\-−–*/]/u.test(word.text);
}

/** Returns the words of a page, each with a box of its own. */
export function placedWords(reading: PageReading): PlacedWord[] {
  if (reading.words.length === 0) return fromText(reading.text);
  return joinShared(reading.words)
    .flatMap(({ text, confidence, box }) => {
      const plain = /[<|]/.test(text) ? withoutMarks(text) : text;
      return spread(plain, box, confidence, plain.length);
    })
    .filter((word) => !isRule(word));
}
