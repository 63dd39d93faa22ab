/** Tables of a report: one line for each row, the head repeated on every page. */
import { colours } from './chart-specs.ts';
import { area, fit, fonts, makeRoom, type Pdf } from './pdf-style.ts';

/** One column. */
export interface Column {
  readonly title: string;
  /** Share of the width of the page; all shares add up to 1. */
  readonly share: number;
  /**
   * Alignment; numbers stand at the right.
   * @defaultValue left
   */
  readonly align?: 'left' | 'right';
}

const ROW_HEIGHT = 17;
const PADDING = 5;
const FONT_SIZE = 8.5;

/** Height that must be free below a heading for the table head and two rows, in points. */
export const TABLE_START = 3 * ROW_HEIGHT;

/** Draws a table at the current position and moves the position below it. */
export function drawTable(pdf: Pdf, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  drawRow(
    pdf,
    columns,
    columns.map(({ title }) => title),
    'head',
  );
  rows.forEach((row, index) => {
    const page = pdf.page;
    makeRoom(pdf, ROW_HEIGHT);
    if (pdf.page !== page)
      drawRow(
        pdf,
        columns,
        columns.map(({ title }) => title),
        'head',
      );
    drawRow(pdf, columns, row, index % 2 === 0 ? 'plain' : 'striped');
  });
  pdf.y += 6;
}

function drawRow(
  pdf: Pdf,
  columns: readonly Column[],
  cells: readonly string[],
  look: 'head' | 'plain' | 'striped',
): void {
  const { left, width } = area(pdf);
  const top = pdf.y;
  if (look !== 'plain') {
    const fill = look === 'head' ? colours.line : colours.panel;
    pdf.rect(left, top, width, ROW_HEIGHT).fill(fill);
  }
  pdf
    .font(look === 'head' ? fonts.bold : fonts.regular)
    .fontSize(FONT_SIZE)
    .fillColor(colours.ink);
  let x = left;
  columns.forEach(({ share, align = 'left' }, index) => {
    const inner = share * width - 2 * PADDING;
    const text = fit(pdf, cells[index] ?? '', inner);
    const indent = align === 'right' ? inner - pdf.widthOfString(text) : 0;
    pdf.text(text, x + PADDING + indent, top + 4, { lineBreak: false });
    x += share * width;
  });
  pdf.x = left;
  pdf.y = top + ROW_HEIGHT;
}
