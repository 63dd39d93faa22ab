/** Pages of a PDF: its bytes, its blocks, and the foot of each page. */
import PDFDocument from 'pdfkit';
import { colours } from './chart-specs.ts';
import type { Block } from './pdf-blocks.ts';
import { area, fit, fonts, type Pdf, registerFonts } from './pdf-style.ts';

/** Distances from the edges of a page, in points. */
const MARGINS = { top: 50, bottom: 60, left: 50, right: 50 };

/** What a PDF says of itself. */
export interface PdfInfo {
  readonly Title: string;
  readonly Author: string;
  readonly Subject?: string;
  /** A time of the content, so that a second run gives the same bytes. */
  readonly CreationDate: Date;
}

/** A PDF that was written. */
export interface WrittenPdf {
  readonly bytes: Uint8Array;
  readonly pages: number;
}

/**
 * Writes a PDF.
 *
 * @param name - stands in the foot of each page
 * @param layout - gives the blocks of each page, which has `room` points for them
 */
export async function writePdf(
  info: PdfInfo,
  name: string,
  layout: (pdf: Pdf, room: number) => readonly (readonly Block[])[],
): Promise<WrittenPdf> {
  const pdf = new PDFDocument({
    size: 'A4',
    margins: MARGINS,
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    info: { ...info, Creator: 'Perennial' },
  });
  const bytes = collect(pdf);
  registerFonts(pdf);
  const pages = layout(pdf, pdf.page.height - MARGINS.top - MARGINS.bottom);
  pages.forEach((blocks, at) => {
    if (at > 0) pdf.addPage();
    drawPage(pdf, blocks, { name, number: `Page ${at + 1} of ${pages.length}` });
  });
  pdf.end();
  return { bytes: await bytes, pages: pages.length };
}

function collect(pdf: Pdf): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  return new Promise((resolve, reject) => {
    pdf.on('data', (part: Buffer) => void parts.push(part));
    pdf.once('end', () => resolve(Buffer.concat(parts)));
    pdf.once('error', reject);
  });
}

/** What the foot of a page says. */
interface Foot {
  readonly name: string;
  readonly number: string;
}

function drawPage(pdf: Pdf, blocks: readonly Block[], foot: Foot): void {
  let top = MARGINS.top;
  for (const block of blocks) {
    block.draw(pdf, top);
    top += block.height;
  }
  drawFoot(pdf, foot);
}

function drawFoot(pdf: Pdf, { name, number }: Foot): void {
  const { left, width } = area(pdf);
  const y = pdf.page.height - 38;
  // Text below the margin would make pdfkit begin another page.
  const { bottom } = pdf.page.margins;
  pdf.page.margins.bottom = 0;
  pdf.rect(left, y - 8, width, 0.5).fill(colours.line);
  pdf.font(fonts.regular).fontSize(8).fillColor(colours.faint);
  pdf.text(fit(pdf, name, width - 100), left, y, { lineBreak: false });
  pdf.text(number, left + width - pdf.widthOfString(number), y, { lineBreak: false });
  pdf.page.margins.bottom = bottom;
}
