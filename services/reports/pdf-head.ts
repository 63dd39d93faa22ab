/** The top of a report: what it is about, and its key figures. */
import { longDay } from '../../contracts/reports/names.ts';
import type { ReportPeriod } from '../../contracts/reports/schema.ts';
import { colours } from './chart-specs.ts';
import type { Block } from './pdf-blocks.ts';
import { area, count, fit, fonts, GAP, percent, type Pdf, wrap } from './pdf-style.ts';
import type { PdfContent } from './port.ts';

const TILE_HEIGHT = 48;
const TILES_PER_ROW = 3;

/** A line of the head. */
interface Line {
  readonly text: string;
  readonly font: keyof typeof fonts;
  readonly size: number;
  readonly colour: string;
}

/** Height of a line and distance to the next, as a multiple of the size of its font; descenders stay clear of it. */
const LEADING = 1.45;

/** Room above the first line, for the bar, and below the last one, in points. */
const ROOM = { above: 16, below: 12 } as const;

/** Returns the block with title, period, person and time zone. A long title has two lines, everything else one. */
export function headBlock(pdf: Pdf, content: PdfContent): Block {
  const lines = linesOf(pdf, content);
  const height = lines.reduce((all, { size }) => all + size * LEADING, ROOM.above + ROOM.below);
  return { height, draw: (target, top) => drawHead(target, lines, top) };
}

function linesOf(pdf: Pdf, { plan, details }: PdfContent): readonly Line[] {
  const { width } = area(pdf);
  const line = (text: string, font: keyof typeof fonts, size: number, colour: string): Line => ({
    text: fit(pdf.font(font).fontSize(size), text, width),
    font,
    size,
    colour,
  });
  const title = wrap(pdf.font(fonts.bold).fontSize(22), plan.title, width, 2);
  return [
    ...title.map((text) => line(text, 'bold', 22, colours.ink)),
    line(days(plan.period), 'regular', 11, colours.ink),
    line(details.preparedFor === null ? 'All users' : `Prepared for ${details.preparedFor}`, 'regular', 9, colours.ink),
    line(`Days are counted in ${plan.period.timeZone}`, 'regular', 9, colours.faint),
  ];
}

function days({ start, end }: ReportPeriod): string {
  return start === end ? longDay(start) : `${longDay(start)} – ${longDay(end)}`;
}

function drawHead(pdf: Pdf, lines: readonly Line[], top: number): void {
  const { left, width } = area(pdf);
  pdf.rect(left, top, width, 3).fill(colours.accent);
  let y = top + ROOM.above;
  for (const { text, font, size, colour } of lines) {
    pdf.font(fonts[font]).fontSize(size).fillColor(colour).text(text, left, y, { lineBreak: false });
    y += size * LEADING;
  }
}

/** Returns the key figures as tiles, and a sentence when there are none. */
export function figureBlocks(pdf: Pdf, { data }: PdfContent): readonly Block[] {
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
  const tiles: Block = {
    height: Math.ceil(figures.length / TILES_PER_ROW) * (TILE_HEIGHT + GAP),
    draw: (target, top) => {
      figures.forEach((figure, at) => {
        const x = left + (at % TILES_PER_ROW) * (tile + GAP);
        drawTile(target, figure, { x, y: top + Math.floor(at / TILES_PER_ROW) * (TILE_HEIGHT + GAP), width: tile });
      });
    },
  };
  return data.documents === 0 ? [tiles, sentence('No documents came in during this period.')] : [tiles];
}

function drawTile(
  pdf: Pdf,
  [label, value]: readonly [string, string],
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): void {
  pdf.roundedRect(x, y, width, TILE_HEIGHT, 4).fill(colours.panel);
  pdf.font(fonts.regular).fontSize(8.5).fillColor(colours.faint);
  pdf.text(label, x + 10, y + 8, { lineBreak: false });
  pdf.font(fonts.bold).fontSize(17).fillColor(colours.ink);
  pdf.text(value, x + 10, y + 21, { lineBreak: false });
}

function sentence(text: string): Block {
  return {
    height: 16,
    draw: (pdf, top) => {
      pdf.font(fonts.regular).fontSize(10).fillColor(colours.ink);
      pdf.text(text, area(pdf).left, top + 2, { lineBreak: false });
    },
  };
}
