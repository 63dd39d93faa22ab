/** The characters of a PDF page with their places, and the words and lines that they form. */
import { PerennialError } from '../../../contracts/failures.ts';
import { withoutEnd } from '../../../contracts/values/text.ts';
import type { Word } from '../port.ts';
import { onPage, toShown, union, type Box } from './boxes.ts';
import type { Pdfium, Pointer } from './interface.ts';

/** One character of a text layer; its box is in fractions of the page as shown. */
export interface LayerCharacter {
  readonly text: string;
  /** Absent for characters that PDFium inserts, such as spaces and line ends. */
  readonly box: Box | undefined;
  /** True when the font says which character this is. */
  readonly mapped: boolean;
  /** False when the font is missing from the file and PDFium has none to draw this character with. */
  readonly drawable: boolean;
}

/** Most characters on a page, which bounds the memory that a malicious file can take. */
const MAX_CHARACTERS = 1_000_000;
/** Last character of Latin writing that the fonts inside PDFium can draw. */
const LAST_LATIN = 0x24f;

/** Scripts that are written from right to left. */
export const LEFTWARDS = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/**
 * Reads all characters of a page, those outside its visible part included.
 * @throws PerennialError `DocumentTooLarge`
 */
export function charactersOf(pdfium: Pdfium, page: Pointer): readonly LayerCharacter[] {
  const layer = pdfium._FPDFText_LoadPage(page);
  if (layer === 0) return [];
  const scratch = pdfium.wasmExports.malloc(40);
  try {
    const count = pdfium._FPDFText_CountChars(layer);
    if (count > MAX_CHARACTERS) {
      throw new PerennialError(
        'DocumentTooLarge',
        `Expected at most ${String(MAX_CHARACTERS)} characters on a page, but found ${String(count)}. Split the document.`,
      );
    }
    return Array.from({ length: Math.max(0, count) }, (_, index) => {
      const code = pdfium._FPDFText_GetUnicode(layer, index);
      const text = code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD';
      return {
        text,
        mapped: pdfium._FPDFText_HasUnicodeMapError(layer, index) !== 1,
        drawable: code <= LAST_LATIN || isEmbedded(pdfium, layer, index),
        box: boxOf(pdfium, page, layer, index, scratch),
      };
    });
  } finally {
    pdfium.wasmExports.free(scratch);
    pdfium._FPDFText_ClosePage(layer);
  }
}

/** Returns the texts of a page that PDFium cannot draw though other readers may. */
export function undrawableTexts(pdfium: Pdfium, page: Pointer): ReadonlySet<Pointer> {
  const found = new Set<Pointer>();
  const layer = pdfium._FPDFText_LoadPage(page);
  const count = layer === 0 ? 0 : pdfium._FPDFText_CountChars(layer);
  for (let index = 0; index < count; index += 1) {
    if (pdfium._FPDFText_GetUnicode(layer, index) > LAST_LATIN && !isEmbedded(pdfium, layer, index))
      found.add(pdfium._FPDFText_GetTextObject(layer, index));
  }
  if (layer !== 0) pdfium._FPDFText_ClosePage(layer);
  return found;
}

function isEmbedded(pdfium: Pdfium, layer: Pointer, index: number): boolean {
  const object = pdfium._FPDFText_GetTextObject(layer, index);
  const font = object === 0 ? 0 : pdfium._FPDFTextObj_GetFont(object);
  return font !== 0 && pdfium._FPDFFont_GetIsEmbedded(font) === 1;
}

function boxOf(pdfium: Pdfium, page: Pointer, layer: Pointer, index: number, scratch: Pointer): Box | undefined {
  if (pdfium._FPDFText_GetCharBox(layer, index, scratch, scratch + 8, scratch + 16, scratch + 24) === 0)
    return undefined;
  const view = new DataView(pdfium.HEAPU8.buffer, scratch, 32);
  const [left = 0, right = 0, bottom = 0, top = 0] = [0, 8, 16, 24].map((at) => view.getFloat64(at, true));
  const corners = [
    [left, top],
    [right, bottom],
  ] as const;
  const box = toShown(pdfium, page, corners, scratch + 32);
  return box[2] > box[0] || box[3] > box[1] ? box : undefined;
}

/** Tells whether most letters of words follow each other from right to left though their script does not. */
export function isUpsideDown(characters: readonly LayerCharacter[]): boolean {
  let balance = 0;
  characters.forEach(({ text, box }, at) => {
    const before = characters[at - 1];
    if (box === undefined || before?.box === undefined || !/^[\p{L}\p{N}]{2}/u.test(before.text + text)) return;
    if (!LEFTWARDS.test(text)) balance += Math.sign(box[0] + box[2] - before.box[0] - before.box[2]);
  });
  return balance < 0;
}

/** Words with the text that they form; white space in the text is as the page has it. */
export interface LayerText {
  readonly text: string;
  readonly words: readonly Word[];
}

/**
 * Joins characters to words and lines.
 * @param isSeen - tells whether a word is believed; words that are not are left out of the text too
 */
export function wordsOf(
  characters: readonly LayerCharacter[],
  isSeen: (box: Box, drawable: boolean) => boolean = () => true,
): LayerText {
  const words: Word[] = [];
  let text = '';
  let line = 0;
  let current: LayerCharacter[] = [];
  const flush = (): void => {
    const word = wordOf(current, line);
    if (
      word !== undefined &&
      isSeen(
        word.box,
        current.every(({ drawable }) => drawable),
      )
    ) {
      words.push(word);
      text += word.text;
    }
    current = [];
  };
  for (const character of characters) {
    if (character.text === '\r') continue;
    if (!/^\s$/u.test(character.text)) {
      current.push(character);
      continue;
    }
    flush();
    text += character.text;
    if (character.text === '\n' && words.at(-1)?.line === line) line += 1;
  }
  flush();
  const lines = text.split('\n').map((one) => withoutEnd(one, /[ \t]/));
  return { text: lines.join('\n').trim(), words };
}

function wordOf(characters: readonly LayerCharacter[], line: number): Word | undefined {
  let box: Box | undefined;
  let text = '';
  for (const character of characters) {
    box = union(box, character.box);
    // PDFium marks a hyphen at the end of a line with U+0002.
    text += character.text === '\u0002' ? '-' : character.text;
  }
  if (box === undefined) return undefined;
  // A word with a character that no font explains is read in part.
  const sure = characters.filter(({ mapped }) => mapped).length / characters.length;
  return { text, confidence: sure, box: onPage(box), line };
}
