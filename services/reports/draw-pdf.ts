/** Writes the PDF of a report. The same content gives the same bytes, so neither clock nor randomness is used. */
import { periodName } from '../../contracts/reports/names.ts';
import { oneLine } from '../../contracts/values/printable.ts';
import { type Block, endsNearlyEmpty, paginate } from './pdf-blocks.ts';
import { chartBlocks } from './pdf-charts.ts';
import { figureBlocks, headBlock } from './pdf-head.ts';
import { tablesOf } from './pdf-tables.ts';
import { writePdf, type WrittenPdf } from './pdf-pages.ts';
import type { Pdf } from './pdf-style.ts';
import type { PdfContent } from './port.ts';

/** Sizes of charts that are tried until the last page is not nearly empty, as shares of the width of the page. */
const CHART_SIZES = [1, 0.9, 0.8] as const;

/** Draws all pages. */
export function drawPdf(content: PdfContent): Promise<WrittenPdf> {
  const { plan } = content;
  const info = {
    Title: plan.fileName.replace(/\.pdf$/, ''),
    Author: 'Perennial',
    Subject: subjectOf(content),
    // The creation date is the end of the period, so that a second run gives the same bytes.
    CreationDate: new Date(plan.period.until),
  };
  return writePdf(info, `${plan.title}, ${periodName(plan.period)}`, (pdf, room) => layout(pdf, room, content));
}

function subjectOf({ plan, details }: PdfContent): string {
  const about = plan.userId === null ? 'all documents' : `documents of ${oneLine(details.preparedFor ?? plan.userId)}`;
  return `Figures of ${about} from ${plan.period.start} to ${plan.period.end}`;
}

/** Lays the pages out with the largest charts that leave no page nearly empty; rows of tables move where none does. */
function layout(pdf: Pdf, room: number, content: PdfContent): readonly (readonly Block[])[] {
  const head = [headBlock(pdf, content), ...figureBlocks(pdf, content)];
  const tables = tablesOf(pdf, content);
  const layouts = CHART_SIZES.map((size) =>
    paginate([...head, ...chartBlocks(pdf, content.charts, size), ...tables], room),
  );
  const fewest = Math.min(...layouts.map(({ length }) => length));
  const good = layouts.find((pages) => pages.length === fewest && !endsNearlyEmpty(pages, room));
  return good ?? layouts[0] ?? [];
}
