/** Pages of a PDF: its bytes, its blocks, and the foot of each page. */
import { colours } from './chart-specs.ts';
import type { Block } from './pdf-blocks.ts';
import { area, fit, fonts, type Pdf } from './pdf-style.ts';

/** Distances from the edges of a page, in points. */
export const MARGINS = { top: 50, bottom: 60, left: 50, right: 50 };

/** Returns the bytes of a document, once it has ended. */
export function collect(pdf: Pdf): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  return new Promise((resolve, reject) => {
    pdf.on('data', (part: Buffer) => void parts.push(part));
    pdf.once('end', () => resolve(Buffer.concat(parts)));
    pdf.once('error', reject);
  });
}

/** What the foot of a page says. */
export interface Foot {
  readonly name: string;
  readonly number: string;
}

/** Draws the blocks of a page and its foot. */
export function drawPage(pdf: Pdf, blocks: readonly Block[], foot: Foot): void {
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
