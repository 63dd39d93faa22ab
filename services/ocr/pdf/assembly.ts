/** Puts one reading together from what a page says itself, what was recognised on it, and its fields and notes. */
import { hasCentreIn, onPage, type Box } from './boxes.ts';
import type { Note } from './notes.ts';
import type { PageText } from './page-text.ts';
import { toUprightPlace, type Uprighting } from './placing.ts';
import type { PageReading, Unread, Word } from '../port.ts';
import { meanConfidence } from '../tsv.ts';

/** Height of a line of text, as a share of the page. */
const LINE_HEIGHT = 0.02;

/** Words that belong together, in reading order. */
interface Block {
  readonly lines: readonly (readonly Word[])[];
  /** Upper edge, or the middle of the first line of a field, for the order of blocks. */
  readonly top: number;
  /** The place of a field, which goes on the line of its label. */
  readonly field?: Box;
}

/** What was recognised in one picture of a page; boxes are on the page as shown. */
export interface ReadPicture {
  readonly box: Box;
  readonly words: readonly Word[];
  readonly unread?: Unread;
  readonly language?: string | undefined;
  readonly hint?: string | undefined;
}

/** Builds the reading of a page whose own text is believed; `engine` read its pictures. */
export function assemblePage(
  page: number,
  own: PageText,
  pictures: readonly ReadPicture[],
  engine: string,
): PageReading {
  const drawn = own.notes.filter(({ drawn }) => drawn);
  const known = [...own.words, ...drawn].map(({ box }) => box);
  const found = pictures.map(({ box, words }) => ({
    box,
    words: words.filter((word) => !known.some((place) => hasCentreIn(word.box, place))),
  }));
  const unread = pictures.flatMap((picture) => picture.unread ?? []);
  const added = [
    ...drawn.map(noteBlock),
    ...found
      .filter(({ words }) => words.length > 0)
      .map(({ box, words }): Block => ({ lines: linesOf(words), top: box[1] })),
    ...own.notes.filter((note) => !note.drawn).map(noteBlock),
  ];
  const { language, hint } =
    pictures.find((picture) => picture.hint !== undefined) ?? pictures.find(isRecognised) ?? {};
  const isRead = found.some(({ words }) => words.length > 0);
  // The text of the page itself keeps its white space where nothing is added.
  const joined =
    added.length === 0 ? { text: own.text, words: own.words } : joinBlocks(inserted(blocksOf(own.words), added));
  return {
    ...joined,
    ...stateOf(joined.words, unread),
    page,
    confidence: meanConfidence(joined.words),
    width: own.width,
    height: own.height,
    rotation: 0,
    skew: 0,
    origin: isRead ? 'mixed' : 'text-layer',
    engine: isRead ? `text-layer+${engine}` : 'text-layer',
    ...(language === undefined ? {} : { language }),
    ...(hint === undefined ? {} : { hint }),
  };
}

function isRecognised({ language }: ReadPicture): boolean {
  return language !== undefined;
}

/** Adds fields and notes to a page that was recognised as a whole; the values of fields replace what was recognised there. */
export function withNotes(reading: PageReading, notes: readonly Note[], upright: Uprighting): PageReading {
  if (notes.length === 0) return reading;
  const placed = notes.map((note) => ({ ...note, box: onPage(toUprightPlace(note.box, upright)) }));
  const replaced = placed.filter(({ drawn }) => drawn).map(({ box }) => box);
  const kept = reading.words.filter((word) => !replaced.some((box) => hasCentreIn(word.box, box)));
  const joined = joinBlocks(inserted(blocksOf(kept), placed.map(noteBlock)));
  return {
    ...reading,
    ...joined,
    ...stateOf(joined.words, reading.unread ?? []),
    confidence: meanConfidence(joined.words),
  };
}

/** Derives the state of a page from its words and the places that could not be read. */
export function stateOf(
  words: readonly Word[],
  unread: readonly Unread[],
): Pick<PageReading, 'state'> & { readonly unread?: readonly Unread[] } {
  if (unread.length > 0) return { state: 'partly read', unread };
  return { state: words.length === 0 ? 'blank' : 'read' };
}

function linesOf(words: readonly Word[]): readonly (readonly Word[])[] {
  const lines: Word[][] = [];
  let last: number | undefined;
  for (const word of words) {
    if (word.line !== last) lines.push([]);
    lines.at(-1)?.push(word);
    last = word.line;
  }
  return lines;
}

function topOf(line: readonly Word[]): number {
  return Math.min(...line.map(({ box }) => box[1]));
}

function blocksOf(words: readonly Word[]): readonly Block[] {
  return linesOf(words).map((line) => ({ lines: [line], top: topOf(line) }));
}

/** Makes a block of a note, whose words share its box. */
function noteBlock({ text, box, drawn }: Note): Block {
  const [left, top, right, bottom] = box;
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  const height = (bottom - top) / Math.max(1, lines.length);
  return {
    top: top + Math.min(height, LINE_HEIGHT) / 2,
    ...(drawn && lines.length === 1 ? { field: box } : {}),
    lines: lines.map((line, index) => {
      const length = Math.max(1, line.length);
      return [...line.matchAll(/\S+/gu)].map((word) => ({
        text: word[0],
        confidence: 1,
        box: onPage([
          left + ((right - left) * word.index) / length,
          top + height * index,
          left + ((right - left) * (word.index + word[0].length)) / length,
          top + height * (index + 1),
        ]),
        line: index,
      }));
    }),
  };
}

/**
 * Inserts each added block behind its label, else before the first block that begins below it. The other blocks keep
 * their order, because sorting by height would mix the lines of columns.
 */
function inserted(blocks: readonly Block[], added: readonly Block[]): readonly Block[] {
  const result = [...blocks];
  for (const block of added) {
    const label = labelOf(block.field, result);
    if (label !== undefined) result.splice(result.indexOf(label), 1, continued(label, block));
    else {
      const below = result.findIndex(({ top }) => top > block.top);
      result.splice(below < 0 ? result.length : below, 0, block);
    }
  }
  return result;
}

/** Returns the block whose last line ends nearest to the left of a field. */
function labelOf(field: Box | undefined, blocks: readonly Block[]): Block | undefined {
  const lastOf = ({ lines }: Block): readonly Word[] => lines.at(-1) ?? [];
  const edgeOf = (block: Block): number => lastOf(block).at(-1)?.box[2] ?? 0;
  return blocks.filter((block) => isLabelOf(lastOf(block), field)).sort((a, b) => edgeOf(b) - edgeOf(a))[0];
}

/** Adds the words of a block to the last line of another one. */
function continued(block: Block, { lines }: Block): Block {
  return { ...block, lines: [...block.lines.slice(0, -1), [...(block.lines.at(-1) ?? []), ...lines.flat()]] };
}

/** Tells whether a line stands to the left of a field, at its height. */
function isLabelOf(line: readonly Word[], field: Box | undefined): boolean {
  const last = line.at(-1)?.box;
  if (field === undefined || last === undefined) return false;
  const middle = (last[1] + last[3]) / 2;
  return middle >= field[1] && middle <= field[3] && (last[0] + last[2]) / 2 <= field[0];
}

function joinBlocks(blocks: readonly Block[]): { readonly text: string; readonly words: readonly Word[] } {
  const lines = blocks.flatMap((block) => block.lines);
  return {
    text: lines.map((line) => line.map(({ text }) => text).join(' ')).join('\n'),
    words: lines.flatMap((line, index) => line.map((word) => ({ ...word, line: index }))),
  };
}
