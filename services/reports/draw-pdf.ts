/** Writes the PDF of a report. The same content gives the same bytes, so neither clock nor randomness is used. */
import PDFDocument from 'pdfkit';
import { periodName } from '../../contracts/reports/names.ts';
import { oneLine } from '../../contracts/values/printable.ts';
import { type Block, endsNearlyEmpty, paginate } from './pdf-blocks.ts';
import { chartBlocks } from './pdf-charts.ts';
import { figureBlocks, headBlock } from './pdf-head.ts';
import { tablesOf } from './pdf-tables.ts';
import { collect, drawPage, MARGINS } from './pdf-pages.ts';
import { type Pdf, registerFonts } from './pdf-style.ts';
import type { PdfContent } from './port.ts';

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
    const name = `${plan.title}, ${periodName(plan.period)}`;
    drawPage(pdf, blocks, { name, number: `Page ${at + 1} of ${pages.length}` });
  });
  pdf.end();
  return { bytes: await bytes, pages: pages.length };
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
