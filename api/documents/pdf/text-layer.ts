/** Places invisible words on a page, as PDF operators; it does no I/O. */
import type { PageReading, Word } from '../../../services/ocr/port.ts';
import { FONT_NAME, GLYPH_WIDTH, type GlyphlessFont } from './glyphless-font.ts';

/** Resolution of pictures that the layout of a page assumes, in dots per inch. */
const PICTURE_DPI = 300;

/** Largest side of a page that PDF readers accept, in points. */
const MAX_SIDE = 14_400;

/** Smallest side of a word box, in points; OCR engines report specks of dust as smaller words. */
const MIN_BOX = 0.1;

/** Largest horizontal stretch of letters, in percent. */
const MAX_STRETCH = 10_000;

/** Size of a page in points (1/72 inch). */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** Returns the size of the page that a reading belongs to. Text layers are measured in points, pictures in pixels. */
export function pageSize(reading: Pick<PageReading, 'width' | 'height' | 'origin'>): PageSize {
  const scale = reading.origin === 'text-layer' ? 1 : 72 / PICTURE_DPI;
  const fit = Math.min(1, MAX_SIDE / (Math.max(reading.width, reading.height, 1) * scale));
  const side = (pixels: number): number => Math.max(3, round(pixels * scale * fit));
  return { width: side(reading.width), height: side(reading.height) };
}

/** Returns the invisible text of a page in PDF coordinates (origin at the lower left). */
export function textLayer(
  reading: Pick<PageReading, 'words' | 'text'>,
  size: PageSize,
  encode: GlyphlessFont['encode'],
): string {
  const words = reading.words.length > 0 ? alignLines(reading.words) : spreadText(reading.text);
  const lines = words.map((word) => wordOperators(word, size, encode)).filter((operators) => operators !== '');
  // The operator `3 Tr` makes text neither filled nor stroked, that is, invisible.
  return lines.length === 0 ? '' : ['BT', '3 Tr', ...lines, 'ET'].join('\n');
}

/** Gives the words of one line the same top and bottom, so that PDF readers select them as one line. */
function alignLines(words: readonly Word[]): Word[] {
  const extents = new Map<number, [number, number]>();
  for (const { line, box } of words) {
    const [top, bottom] = extents.get(line) ?? [1, 0];
    extents.set(line, [Math.min(top, box[1]), Math.max(bottom, box[3])]);
  }
  return words.map((word) => {
    const [top, bottom] = extents.get(word.line) ?? [word.box[1], word.box[3]];
    return { ...word, box: [word.box[0], top, word.box[2], bottom] };
  });
}

/** Spreads the lines of a text without positions over the page, so that a search finds at least the page. */
function spreadText(text: string): Word[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.flatMap((line, at) =>
    line === ''
      ? []
      : [
          {
            text: line,
            confidence: 0,
            line: at,
            box: [0.05, at / lines.length, 0.95, (at + 1) / lines.length] as const,
          },
        ],
  );
}

function wordOperators(word: Word, size: PageSize, encode: GlyphlessFont['encode']): string {
  const [left, top, right, bottom] = word.box.map((side) => Math.min(1, Math.max(0, side))) as [
    number,
    number,
    number,
    number,
  ]; // `map` keeps the length of four
  const text = word.text.replace(/\s+/g, ' ');
  const width = (right - left) * size.width;
  const height = (bottom - top) * size.height;
  if (text === '' || width < MIN_BOX || height < MIN_BOX) return '';
  const stretch = Math.min(MAX_STRETCH, (100 * width) / (Array.from(text).length * GLYPH_WIDTH * height));
  const place = `1 0 0 1 ${round(left * size.width)} ${round((1 - bottom) * size.height)} Tm`;
  // Each word is followed by a space, so that copied text has spaces between words.
  return `/${FONT_NAME} ${round(height)} Tf ${round(stretch)} Tz ${place} <${encode(`${text} `)}> Tj`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
