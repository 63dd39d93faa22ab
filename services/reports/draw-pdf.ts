/** Writes the PDF of a report. The same content gives the same bytes, so neither clock nor randomness is used. */
import PDFDocument from 'pdfkit';
import { periodName } from '../../contracts/reports/names.ts';
import { oneLine } from '../../contracts/values/printable.ts';
import { colours } from './chart-specs.ts';
import { type Block, endsNearlyEmpty, paginate } from './pdf-blocks.ts';
import { chartBlocks } from './pdf-charts.ts';
import { figureBlocks, headBlock } from './pdf-head.ts';
import { tablesOf } from './pdf-tables.ts';
import { area, fit, fonts, type Pdf, registerFonts } from './pdf-style.ts';
import type { PdfContent } from './port.ts';

const MARGINS = { top: 50, bottom: 60, left: 50, right: 50 };

/** Sizes of charts that are tried until the last page is not nearly empty, as shares of the width of the page. */
const CHART_SIZES = [1, 0.9, 0.8] as const;

/** Draws all pages. */
export async function drawPdf(content: PdfContent): Promise<{ readonly bytes: Uint8Array; readonly pages: number }> {
  const { plan } = content;
  const pdf = new PDFDocument({
    size: 'A4',
    margins: MARGINS,
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    info: {
      Title: plan.fileName.replace(/\.pdf$/, ''),
      Author: 'Perennial',
      Subject: subjectOf(content),
      Creator: 'Perennial',
      // The creation date is the end of the period, so that a second run gives the same bytes.
      CreationDate: new Date(plan.period.until),
    },
  });
  const bytes = collect(pdf);
  registerFonts(pdf);
  const pages = layout(pdf, content);
  pages.forEach((blocks, at) => {
    if (at > 0) pdf.addPage();
    drawPage(pdf, blocks);
    drawFoot(pdf, `${plan.title}, ${periodName(plan.period)}`, `Page ${at + 1} of ${pages.length}`);
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

function subjectOf({ plan, details }: PdfContent): string {
  const about = plan.userId === null ? 'all documents' : `documents of ${oneLine(details.preparedFor ?? plan.userId)}`;
  return `Figures of ${about} from ${plan.period.start} to ${plan.period.end}`;
}

/** Lays the pages out with the largest charts that leave no page nearly empty; rows of tables move where none does. */
function layout(pdf: Pdf, content: PdfContent): readonly (readonly Block[])[] {
  const room = pdf.page.height - MARGINS.top - MARGINS.bottom;
  const head = [headBlock(pdf, content), ...figureBlocks(pdf, content)];
  const tables = tablesOf(pdf, content);
  const layouts = CHART_SIZES.map((size) =>
    paginate([...head, ...chartBlocks(pdf, content.charts, size), ...tables], room),
  );
  const fewest = Math.min(...layouts.map(({ length }) => length));
  const good = layouts.find((pages) => pages.length === fewest && !endsNearlyEmpty(pages, room));
  return good ?? layouts[0] ?? [];
}

function drawPage(pdf: Pdf, blocks: readonly Block[]): void {
  let top = MARGINS.top;
  for (const block of blocks) {
    block.draw(pdf, top);
    top += block.height;
  }
}

function drawFoot(pdf: Pdf, name: string, number: string): void {
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
