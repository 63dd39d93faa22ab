/**
 * The text that a PDF page carries itself. Where it is usable, recognising the picture would take two seconds and give
 * a worse text.
 */
import { PerennialError } from '../../contracts/failures.ts';
import type { PageReading, Word } from './port.ts';
import type { PdfFile, Pdfium } from './pdfium.ts';
import { withoutEnd } from '../../contracts/values/text.ts';

type Box = [number, number, number, number];

/** One character of a text layer; its box is in fractions of the page as shown. */
export interface LayerCharacter {
  readonly text: string;
  /** Absent for characters that PDFium inserts, such as spaces and line ends. */
  readonly box: Box | undefined;
  /** True when the font says which character this is. */
  readonly mapped: boolean;
}

const IMAGE_OBJECT = 3;
/**
 * Size of the page to which coordinates are scaled: PDFium returns whole pixels, and this many keep the error below a
 * hundredth of a point.
 */
const FINE = 1_000_000;
/** Letters and digits below which a layer counts as a leftover. */
const FEW_CHARACTERS = 8;
/** Length below which the layer of a page that is a picture counts as a stamp or page number over a scan. */
const STAMP_CHARACTERS = 100;
const MOSTLY_PICTURE = 0.5;
const MAX_JUNK = 0.1;
/** Most characters on a page, which bounds the memory that a malicious file can take. */
const MAX_CHARACTERS = 1_000_000;

/** Tells whether the characters of a layer are better than recognising the picture. */
export function isUsableLayer(characters: readonly LayerCharacter[], pictureShare: number): boolean {
  let real = 0;
  let junk = 0;
  for (const { text, mapped } of characters) {
    if (!mapped || /[\p{Cc}\p{Co}\p{Cn}\uFFFD]/u.test(text.replace(/[\r\n\t\u0002\u00AD]/g, ''))) junk += 1;
    else if (/[\p{L}\p{N}]/u.test(text)) real += 1;
  }
  if (real < FEW_CHARACTERS || junk > MAX_JUNK * (real + junk)) return false;
  return pictureShare < MOSTLY_PICTURE || real >= STAMP_CHARACTERS;
}

/** Joins characters to words and lines. */
export function wordsOf(characters: readonly LayerCharacter[]): {
  readonly text: string;
  readonly words: readonly Word[];
} {
  const words: Word[] = [];
  let text = '';
  let line = 0;
  let current = '';
  let box: Box | undefined;
  const flush = (): void => {
    if (current !== '' && box !== undefined) words.push({ text: current, confidence: 1, box: rounded(box), line });
    current = '';
    box = undefined;
  };
  for (const character of characters) {
    // PDFium marks a hyphen at the end of a line with U+0002.
    const shown = character.text === '\u0002' ? '-' : character.text;
    if (shown === '\r') continue;
    text += shown;
    if (/^\s$/u.test(shown)) {
      flush();
      if (shown === '\n' && words.at(-1)?.line === line) line += 1;
      continue;
    }
    current += shown;
    box = union(box, character.box);
  }
  flush();
  const lines = text.split('\n').map((line) => withoutEnd(line, /[ \t]/));
  const tidy = lines.join('\n').trim();
  return { text: tidy, words };
}

function union(one: Box | undefined, other: Box | undefined): Box | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return [
    Math.min(one[0], other[0]),
    Math.min(one[1], other[1]),
    Math.max(one[2], other[2]),
    Math.max(one[3], other[3]),
  ];
}

function rounded(box: Box): Box {
  const clip = (value: number): number => Math.min(1, Math.max(0, Math.round(value * 1e5) / 1e5));
  return [clip(box[0]), clip(box[1]), clip(box[2]), clip(box[3])];
}

/** Reads the text layer of a page; returns `undefined` when it has no usable one. */
export function readTextLayer(file: PdfFile, page: number): PageReading | undefined {
  return file.withPage(page, (pdfium, handle) => {
    const characters = charactersOf(pdfium, handle);
    if (!isUsableLayer(characters, pictureShareOf(pdfium, handle))) return undefined;
    const { text, words } = wordsOf(characters);
    return {
      page,
      text,
      words,
      confidence: 1,
      width: pdfium._FPDF_GetPageWidth(handle),
      height: pdfium._FPDF_GetPageHeight(handle),
      rotation: 0 as const,
      skew: 0,
      origin: 'text-layer' as const,
      engine: 'text-layer',
    };
  });
}

function charactersOf(pdfium: Pdfium, page: number): readonly LayerCharacter[] {
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
        box: boxOf(pdfium, page, layer, index, scratch),
      };
    });
  } finally {
    pdfium.wasmExports.free(scratch);
    pdfium._FPDFText_ClosePage(layer);
  }
}

function boxOf(pdfium: Pdfium, page: number, layer: number, index: number, scratch: number): Box | undefined {
  if (pdfium._FPDFText_GetCharBox(layer, index, scratch, scratch + 8, scratch + 16, scratch + 24) === 0)
    return undefined;
  // The view is created anew each time, because the memory moves when it grows.
  const view = new DataView(pdfium.HEAPU8.buffer, scratch, 32);
  const [left, right, bottom, top] = [0, 8, 16, 24].map((at) => view.getFloat64(at, true));
  const one = toShown(pdfium, page, left ?? 0, top ?? 0, scratch);
  const other = toShown(pdfium, page, right ?? 0, bottom ?? 0, scratch);
  const box: Box = [
    Math.min(one[0], other[0]),
    Math.min(one[1], other[1]),
    Math.max(one[0], other[0]),
    Math.max(one[1], other[1]),
  ];
  return box[2] > box[0] || box[3] > box[1] ? box : undefined;
}

/** Converts from the coordinates of the page to the page as shown, which is turned and cut to the crop box. */
function toShown(pdfium: Pdfium, page: number, x: number, y: number, scratch: number): [number, number] {
  pdfium._FPDF_PageToDevice(page, 0, 0, FINE, FINE, 0, x, y, scratch + 32, scratch + 36);
  const view = new DataView(pdfium.HEAPU8.buffer, scratch + 32, 8);
  return [view.getInt32(0, true) / FINE, view.getInt32(4, true) / FINE];
}

/** Returns how much of the page its largest picture covers, 0 to 1. */
function pictureShareOf(pdfium: Pdfium, page: number): number {
  const area = pdfium._FPDF_GetPageWidth(page) * pdfium._FPDF_GetPageHeight(page);
  const count = Math.min(pdfium._FPDFPage_CountObjects(page), 10_000);
  const scratch = pdfium.wasmExports.malloc(16);
  let largest = 0;
  for (let index = 0; index < count; index += 1) {
    const object = pdfium._FPDFPage_GetObject(page, index);
    if (pdfium._FPDFPageObj_GetType(object) !== IMAGE_OBJECT) continue;
    if (pdfium._FPDFPageObj_GetBounds(object, scratch, scratch + 4, scratch + 8, scratch + 12) === 0) continue;
    const view = new DataView(pdfium.HEAPU8.buffer, scratch, 16);
    const [left, bottom, right, top] = [0, 4, 8, 12].map((at) => view.getFloat32(at, true));
    largest = Math.max(largest, Math.abs((right ?? 0) - (left ?? 0)) * Math.abs((top ?? 0) - (bottom ?? 0)));
  }
  pdfium.wasmExports.free(scratch);
  return area > 0 ? Math.min(1, largest / area) : 0;
}
