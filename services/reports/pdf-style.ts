/** The style of the pages of a report, and helpers for all of its parts. */
import { createRequire } from 'node:module';

/** The document type of the library. */
export type Pdf = PDFKit.PDFDocument;

const fontFile = (name: string): string => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);

/** Names under which the fonts are registered; both are embedded. */
export const fonts = { regular: 'regular', bold: 'bold' } as const;

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

/**
 * Starts a new page when the current one has less room than this.
 * @param height - in points
 */
export function makeRoom(pdf: Pdf, height: number): void {
  if (pdf.y + height > pdf.page.height - pdf.page.margins.bottom) pdf.addPage();
}

/**
 * Writes a heading that never stands alone at the foot of a page.
 * @param follows - height of the content below it, in points
 */
export function heading(pdf: Pdf, text: string, follows: number): void {
  makeRoom(pdf, 34 + follows);
  pdf.moveDown(0.8);
  pdf.font(fonts.bold).fontSize(12).fillColor('#1f2933').text(text, area(pdf).left, pdf.y);
  pdf.moveDown(0.4);
}

/**
 * Returns text as one line of at most this width, without control and direction characters, which could reverse the
 * display of the line.
 */
export function fit(pdf: Pdf, text: string, width: number): string {
  const clean = oneLine(text);
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

/** Longest name that is processed, in characters; more could not be shown. */
const LONGEST = 300;

/** Removes what must not reach a page: line breaks, control and direction characters, halves of surrogate pairs. */
export function oneLine(text: string): string {
  return text
    .slice(0, LONGEST)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]+/gu, ' ')
    .trim();
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

/**
 * Formats a day, for example `31 October 2026`.
 * @param day - YYYY-MM-DD
 */
export function longDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(Date.parse(day));
}
