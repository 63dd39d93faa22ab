/** Writes the PDF of a report. The same content gives the same bytes, so neither clock nor randomness is used. */
import PDFDocument from 'pdfkit';
import { colours } from './chart-specs.ts';
import { drawTables } from './pdf-tables.ts';
import { area, count, fonts, longDay, makeRoom, oneLine, percent, type Pdf, registerFonts } from './pdf-style.ts';
import type { ChartPicture, PdfContent } from './port.ts';

const MARGINS = { top: 50, bottom: 60, left: 50, right: 50 };
const GAP = 12;
const TILE_HEIGHT = 48;
const TILES_PER_ROW = 3;

/** Draws all pages. */
export async function drawPdf(content: PdfContent): Promise<{ readonly bytes: Uint8Array; readonly pages: number }> {
  const pdf = new PDFDocument({
    size: 'A4',
    margins: MARGINS,
    bufferPages: true,
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    info: {
      Title: `${content.plan.title}, ${periodText(content)}`,
      Author: 'Perennial',
      Subject: subjectOf(content),
      Creator: 'Perennial',
      // The creation date is the end of the period, so that a second run gives the same bytes.
      CreationDate: new Date(content.plan.period.until),
    },
  });
  const bytes = collect(pdf);
  registerFonts(pdf);
  drawHead(pdf, content);
  drawFigures(pdf, content);
  drawCharts(pdf, content.charts);
  drawTables(pdf, content);
  const pages = numberPages(pdf, content.plan.title);
  pdf.end();
  return { bytes: await bytes, pages };
}

function collect(pdf: Pdf): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  return new Promise((resolve, reject) => {
    pdf.on('data', (part: Buffer) => void parts.push(part));
    pdf.once('end', () => resolve(Buffer.concat(parts)));
    pdf.once('error', reject);
  });
}

function periodText({ plan: { period } }: PdfContent): string {
  const [start, end] = [longDay(period.start), longDay(period.end)];
  return start === end ? start : `${start} – ${end}`;
}

function subjectOf({ plan, details }: PdfContent): string {
  const about = plan.userId === null ? 'all documents' : `documents of ${oneLine(details.preparedFor ?? plan.userId)}`;
  return `Figures of ${about} from ${plan.period.start} to ${plan.period.end}`;
}

function drawHead(pdf: Pdf, content: PdfContent): void {
  const { left, width } = area(pdf);
  const { plan, details } = content;
  pdf.rect(left, pdf.y, width, 3).fill(colours.accent);
  pdf.y += 16;
  pdf.font(fonts.bold).fontSize(22).fillColor(colours.ink).text(plan.title, left, pdf.y);
  pdf.font(fonts.regular).fontSize(11).text(periodText(content));
  const about = details.preparedFor === null ? 'All users' : `Prepared for ${oneLine(details.preparedFor)}`;
  pdf.fontSize(9).fillColor(colours.faint).text(`${about} · Days are counted in ${plan.period.timeZone}`, {
    width,
    height: 24,
    ellipsis: true,
  });
  pdf.moveDown(0.8);
}

function drawFigures(pdf: Pdf, { data }: PdfContent): void {
  const figures: readonly (readonly [string, string])[] = [
    ['Documents', count(data.documents)],
    ['Read', count(data.ocr_processed)],
    ['Failed', count(data.failed)],
    ['Success rate', data.documents === 0 ? '–' : percent(data.success_rate)],
    ['Pages read', count(data.pages)],
    ['Mean confidence', percent(data.confidence === null ? null : data.confidence * 100, 1)],
  ];
  const { left, width } = area(pdf);
  const tile = (width - (TILES_PER_ROW - 1) * GAP) / TILES_PER_ROW;
  const top = pdf.y;
  figures.forEach(([label, value], index) => {
    const x = left + (index % TILES_PER_ROW) * (tile + GAP);
    const y = top + Math.floor(index / TILES_PER_ROW) * (TILE_HEIGHT + GAP);
    pdf.roundedRect(x, y, tile, TILE_HEIGHT, 4).fill(colours.panel);
    pdf
      .font(fonts.regular)
      .fontSize(8.5)
      .fillColor(colours.faint)
      .text(label, x + 10, y + 8, { lineBreak: false });
    pdf
      .font(fonts.bold)
      .fontSize(17)
      .fillColor(colours.ink)
      .text(value, x + 10, y + 21, { lineBreak: false });
  });
  pdf.x = left;
  pdf.y = top + Math.ceil(figures.length / TILES_PER_ROW) * (TILE_HEIGHT + GAP);
  if (data.documents === 0) {
    pdf.font(fonts.regular).fontSize(10).fillColor(colours.ink);
    pdf.text('No documents came in during this period.', left, pdf.y + 2);
  }
}

/** Draws the first chart over the whole width and the others side by side. */
function drawCharts(pdf: Pdf, charts: readonly ChartPicture[]): void {
  const { left, width } = area(pdf);
  const [first, ...others] = charts;
  if (first !== undefined) pdf.y = drawRow(pdf, [first], left, width);
  for (let at = 0; at < others.length; at += 2) pdf.y = drawRow(pdf, others.slice(at, at + 2), left, (width - GAP) / 2);
}

/** Draws charts of equal width side by side; returns the position below the highest. */
function drawRow(pdf: Pdf, charts: readonly ChartPicture[], left: number, width: number): number {
  const heights = charts.map((chart) => (chart.height / chart.width) * width);
  makeRoom(pdf, Math.max(...heights) + 32);
  const top = pdf.y + 10;
  charts.forEach((chart, index) => {
    const x = left + index * (width + GAP);
    pdf.font(fonts.bold).fontSize(10.5).fillColor(colours.ink).text(chart.title, x, top, { lineBreak: false });
    pdf.image(Buffer.from(chart.png), x, top + 18, { width });
  });
  pdf.x = left;
  return top + 18 + Math.max(...heights);
}

/** Numbers the pages last, because their total is known only then. */
function numberPages(pdf: Pdf, title: string): number {
  const { start, count: pages } = pdf.bufferedPageRange();
  for (let index = 0; index < pages; index += 1) {
    pdf.switchToPage(start + index);
    const { left, width } = area(pdf);
    const y = pdf.page.height - 38;
    // Text below the margin would make pdfkit begin another page.
    const { bottom } = pdf.page.margins;
    pdf.page.margins.bottom = 0;
    pdf.rect(left, y - 8, width, 0.5).fill(colours.line);
    pdf.font(fonts.regular).fontSize(8).fillColor(colours.faint);
    pdf.text(title, left, y, { lineBreak: false });
    const number = `Page ${index + 1} of ${pages}`;
    pdf.text(number, left + width - pdf.widthOfString(number), y, { lineBreak: false });
    pdf.page.margins.bottom = bottom;
  }
  return pages;
}
