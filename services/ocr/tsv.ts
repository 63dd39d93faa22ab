/**
 * Parses tesseract's TSV: one run gives words, boxes and confidences, from which the text is put together here. Asking
 * for text and TSV separately would read the page twice or need temporary files.
 */
import { columnsInOrder } from './columns/text.ts';
import type { Word } from './port.ts';

/** What an engine recognised on one picture. */
export interface EngineReading {
  readonly width: number;
  readonly height: number;
  readonly text: string;
  readonly words: readonly Word[];
  /** Mean confidence of the words, 0 to 1. */
  readonly confidence: number;
  /** Languages that it was read with, as codes joined by `+`. */
  readonly language: string;
}

interface Row {
  readonly level: number;
  readonly place: readonly [number, number, number];
  readonly box: readonly [number, number, number, number];
  readonly confidence: number;
  readonly text: string;
}

const PAGE_LEVEL = 1;
const WORD_LEVEL = 5;

/**
 * Number of columns before the text: level, page, block, paragraph, line, word, left, top, width, height, confidence.
 */
const NUMBER_COLUMNS = 11;

function parseRow(line: string): Row | undefined {
  const cells = line.split('\t');
  const numbers = cells.slice(0, NUMBER_COLUMNS).map(Number);
  if (numbers.length < NUMBER_COLUMNS || numbers.some(Number.isNaN)) return undefined;
  const at = (column: number): number => numbers[column] ?? 0;
  return {
    level: at(0),
    place: [at(2), at(3), at(4)],
    box: [at(6), at(7), at(8), at(9)],
    confidence: at(10),
    text: cells.slice(NUMBER_COLUMNS).join('\t').trim(),
  };
}

/**
 * Parses tesseract's TSV. Lines become lines of text; an empty line separates paragraphs, blocks and columns. Columns
 * that tesseract took for one text are read one after the other.
 */
export function parseTsv(tsv: string, language: string): EngineReading {
  const rows = tsv
    .split('\n')
    .map(parseRow)
    .filter((row) => row !== undefined);
  const page = rows.find((row) => row.level === PAGE_LEVEL);
  const width = Math.max(1, page?.box[2] ?? 1);
  const height = Math.max(1, page?.box[3] ?? 1);
  const words: Word[] = [];
  const places = new Map<Word, Row['place']>();
  let text = '';
  let last: Row['place'] | undefined;
  let line = -1;
  for (const row of rows) {
    if (row.level !== WORD_LEVEL || row.text === '') continue;
    const separator = separatorBetween(last, row.place);
    if (separator !== ' ') line += 1;
    text += last === undefined ? row.text : separator + row.text;
    last = row.place;
    const [left, top, across, down] = row.box;
    const word: Word = {
      text: row.text,
      confidence: Math.min(1, Math.max(0, row.confidence / 100)),
      box: [clip(left / width), clip(top / height), clip((left + across) / width), clip((top + down) / height)],
      line,
    };
    words.push(word);
    places.set(word, row.place);
  }
  const ordered = columnsInOrder({ text, words }, width / height, (one, next) =>
    separatorBetween(places.get(one), places.get(next) ?? [0, 0, 0]),
  );
  return { width, height, ...ordered, confidence: meanConfidence(words), language };
}

function separatorBetween(last: Row['place'] | undefined, next: Row['place']): '\n\n' | '\n' | ' ' {
  if (last?.[0] !== next[0] || last[1] !== next[1]) return '\n\n';
  return last[2] === next[2] ? ' ' : '\n';
}

function clip(fraction: number): number {
  return Math.min(1, Math.max(0, Math.round(fraction * 1e5) / 1e5));
}

/** Returns the mean confidence of words, 0 without any. */
export function meanConfidence(words: readonly Word[]): number {
  if (words.length === 0) return 0;
  return words.reduce((sum, word) => sum + word.confidence, 0) / words.length;
}
