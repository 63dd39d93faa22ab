/** Puts the words of a page with their text in reading order, columns one after the other. */
import type { Word } from '../port.ts';
import { directionOf } from '../searchable/lines.ts';
import { isOneLine } from './fragments.ts';
import { blocksInOrder } from './order.ts';

/** Words in reading order, with the line breaks between them. */
export interface OrderedText {
  readonly text: string;
  readonly words: readonly Word[];
}

/**
 * Returns words and text in reading order; both stay as they are where the order is right already.
 *
 * @param aspect - width of the page divided by its height
 * @param separatorOf - what stands between two words of one column that followed each other before
 */
export function columnsInOrder(
  page: OrderedText,
  aspect: number,
  separatorOf: (one: Word, next: Word) => string,
): OrderedText {
  if (!runsAcross(page.words, aspect)) return page;
  const blocks = blocksInOrder(page.words, aspect);
  if (blocks.length === 1) return page;
  const starts = new Set(blocks.map((block) => block[0]));
  const flat = blocks.flat();
  let text = '';
  let line = 0;
  const words = flat.map((word, at): Word => {
    const before = flat[at - 1];
    const isNew = starts.has(word);
    if (before === undefined) text = word.text;
    else if (!isNew && isSameLine(before, word)) text += separatorOf(before, word) + word.text;
    else {
      line += 1;
      const separator = before.line === word.line ? '\n' : separatorOf(before, word);
      text += (isNew ? '\n\n' : separator) + word.text;
    }
    return { ...word, line };
  });
  const isUnchanged = words.every(({ line: number }, at) => flat[at] === page.words[at] && number === flat[at]?.line);
  return isUnchanged ? page : { text, words };
}

function isSameLine(one: Word, next: Word): boolean {
  const [first, second] = [one, next].map(({ box, line }) => ({ line, top: box[1], bottom: box[3] }));
  return first !== undefined && second !== undefined && isOneLine(first, second);
}

/** Tells whether most lines of a page run from side to side. */
function runsAcross(words: readonly Word[], aspect: number): boolean {
  const lines = new Map<number, Word[]>();
  for (const word of words) {
    const line = lines.get(word.line) ?? [];
    line.push(word);
    lines.set(word.line, line);
  }
  const across = [...lines.values()].filter((line) => directionOf(line, aspect) === 'across');
  return across.length * 2 > lines.size;
}
