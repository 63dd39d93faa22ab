/** The style of the pages of a report, and helpers for all of its parts. */
import { createRequire } from 'node:module';
import { oneLine } from '../../contracts/values/printable.ts';

/** The document type of the library. */
export type Pdf = PDFKit.PDFDocument;

const fontFile = (name: string): string => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);

/** Names under which the fonts are registered; both are embedded. */
export const fonts = { regular: 'regular', bold: 'bold' } as const;

/** Distance between tiles and between charts, in points. */
export const GAP = 12;

/** Registers the fonts in a document. */
export function registerFonts(pdf: Pdf): void {
  pdf.registerFont(fonts.regular, fontFile('DejaVuSans'));
  pdf.registerFont(fonts.bold, fontFile('DejaVuSans-Bold'));
}

/** Returns the left edge and the width of the printable area. */
export function area(pdf: Pdf): { readonly left: number; readonly width: number } {
  const { margins, width } = pdf.page;
  return { left: margins.left, width: width - margins.left - margins.right };
}

/** The part of the library's font that its types leave out. */
interface FontOfPdf {
  readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } };
}

/** Says whether the current font lacks a character of a text. */
export function lacksGlyphs(pdf: Pdf, text: string): boolean {
  const { font } = (pdf as unknown as FontOfPdf)._font; // the library sets it with every font
  return Array.from(oneLine(text)).some((letter) => !font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0));
}

/** Puts a box in place of each character that the font lacks; the library's own is wider than it measures. */
function drawable(pdf: Pdf, text: string): string {
  return Array.from(oneLine(text))
    .map((letter) => (lacksGlyphs(pdf, letter) ? '□' : letter))
    .join('');
}

/**
 * Returns text as one line of at most this width, without control and direction characters, which could reverse the
 * display of the line.
 */
export function fit(pdf: Pdf, text: string, width: number): string {
  const clean = drawable(pdf, text);
  if (pdf.widthOfString(clean) <= width) return clean;
  const letters = [...new Intl.Segmenter('en').segment(clean)].map(({ segment }) => segment);
  let [fits, tooLong] = [0, letters.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (pdf.widthOfString(`${letters.slice(0, middle).join('')}…`) <= width) fits = middle;
    else tooLong = middle;
  }
  return `${letters.slice(0, fits).join('')}…`;
}

/**
 * Returns text as lines of at most this width, broken between words. The last line, and a word that is too long
 * for a line, end with an ellipsis.
 *
 * @param most - number of lines
 */
export function wrap(pdf: Pdf, text: string, width: number, most: number): readonly string[] {
  const lines: string[] = [];
  let words = drawable(pdf, text).split(/\s+/);
  while (words.length > 0 && lines.length < most - 1) {
    let taken = 1;
    while (taken < words.length && pdf.widthOfString(words.slice(0, taken + 1).join(' ')) <= width) taken += 1;
    const line = words.slice(0, taken).join(' ');
    if (pdf.widthOfString(line) > width) break;
    lines.push(line);
    words = words.slice(taken);
  }
  return words.length === 0 ? lines : [...lines, fit(pdf, words.join(' '), width)];
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Formats a count, for example `1,234`. */
export function count(value: number): string {
  return whole.format(value);
}

/**
 * Formats a percentage, for example `66.67 %`; a dash for `null`.
 *
 * @param value - 0…100
 * @param digits - decimals
 */
export function percent(value: number | null, digits = 2): string {
  return value === null ? '–' : `${value.toFixed(digits)} %`;
}
