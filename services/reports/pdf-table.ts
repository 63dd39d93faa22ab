/** Tables of a report, as blocks: one for each row, the head repeated on every page. */
import type { Block } from './pdf-blocks.ts';
import { colours } from './chart-specs.ts';
import { area, fit, fonts, type Pdf, wrap } from './pdf-style.ts';

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
  /**
   * Most lines of a cell; a longer text ends with an ellipsis.
   * @defaultValue 1
   */
  readonly lines?: number;
}

const LINE_HEIGHT = 11;
const PADDING = { side: 5, top: 3 } as const;
const FONT_SIZE = 8.5;

type Look = 'head' | 'plain' | 'striped';

/** Returns the blocks of a table with at least one row. The head and the first two rows stay together. */
export function tableBlocks(
  pdf: Pdf,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly Block[] {
  const titles = columns.map(({ title }) => title);
  const head = { ...rowBlock(pdf, columns, titles, 'head'), keep: true };
  const body = rows.map((cells, at) => ({
    ...rowBlock(pdf, columns, cells, at % 2 === 0 ? 'plain' : 'striped'),
    keep: at === 0 && rows.length > 1,
    head,
  }));
  return [head, ...body];
}

function rowBlock(pdf: Pdf, columns: readonly Column[], cells: readonly string[], look: Look): Block {
  const { width } = area(pdf);
  styled(pdf, look);
  const lines = columns.map(({ share, lines: most = 1 }, at) => {
    const inner = share * width - 2 * PADDING.side;
    return most === 1 ? [fit(pdf, cells[at] ?? '', inner)] : wrap(pdf, cells[at] ?? '', inner, most);
  });
  const height = Math.max(...lines.map(({ length }) => length)) * LINE_HEIGHT + 2 * PADDING.top;
  return { height, draw: (target, top) => drawRow(target, columns, lines, { look, top, height }) };
}

function drawRow(
  pdf: Pdf,
  columns: readonly Column[],
  lines: readonly (readonly string[])[],
  { look, top, height }: { readonly look: Look; readonly top: number; readonly height: number },
): void {
  const { left, width } = area(pdf);
  if (look !== 'plain') pdf.rect(left, top, width, height).fill(look === 'head' ? colours.line : colours.panel);
  styled(pdf, look).fillColor(colours.ink);
  let x = left + PADDING.side;
  columns.forEach(({ share, align = 'left' }, at) => {
    const inner = share * width - 2 * PADDING.side;
    lines[at]?.forEach((text, line) => {
      const indent = align === 'right' ? inner - pdf.widthOfString(text) : 0;
      pdf.text(text, x + indent, top + PADDING.top + 0.5 + line * LINE_HEIGHT, { lineBreak: false });
    });
    x += share * width;
  });
}

function styled(pdf: Pdf, look: Look): Pdf {
  return pdf.font(look === 'head' ? fonts.bold : fonts.regular).fontSize(FONT_SIZE);
}
