/** Places invisible words on a page, as PDF operators; it does no I/O. */
import type { PageReading } from '../port.ts';
import { FONT_NAME, GLYPH_WIDTH, type GlyphlessFont } from './glyphless-font.ts';
import { placedLines, type PlacedWord, type Point } from './lines.ts';

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
  const words = placedLines(reading, size.width / size.height).flat();
  const lines = words.map((word) => wordOperators(word, size, encode)).filter((operators) => operators !== '');
  // The operator `3 Tr` makes text neither filled nor stroked, that is, invisible.
  return lines.length === 0 ? '' : ['BT', '3 Tr', ...lines, 'ET'].join('\n');
}

function wordOperators(
  { text, start, end, above }: PlacedWord,
  size: PageSize,
  encode: GlyphlessFont['encode'],
): string {
  const along = vector(start, end, size);
  const up = vector(start, above, size);
  if (text === '' || along.length < MIN_BOX || up.length < MIN_BOX) return '';
  const stretch = Math.min(MAX_STRETCH, (100 * along.length) / (Array.from(text).length * GLYPH_WIDTH * up.length));
  const place = [...along.unit, ...up.unit, start[0] * size.width, (1 - start[1]) * size.height].map(round).join(' ');
  // Each word is followed by a space, so that copied text has spaces between words.
  return `/${FONT_NAME} ${round(up.length)} Tf ${round(stretch)} Tz ${place} Tm <${encode(`${text} `)}> Tj`;
}

/** Returns the way from one place to another in points, as a length and a direction of length 1. */
function vector(from: Point, to: Point, size: PageSize): { readonly length: number; readonly unit: readonly number[] } {
  const [x, y] = [(to[0] - from[0]) * size.width, (from[1] - to[1]) * size.height];
  const length = Math.hypot(x, y);
  return { length, unit: [x / length, y / length] };
}

/** Rounds to the precision of PDF readers; `-0` becomes `0`. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000 + 0;
}
