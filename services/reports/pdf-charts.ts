/** The charts of a report as blocks: the first over the whole width, the others side by side. */
import { colours } from './chart-specs.ts';
import type { Block } from './pdf-blocks.ts';
import { area, fonts, GAP, type Pdf } from './pdf-style.ts';
import type { ChartPicture } from './port.ts';

/** Room for the title above a picture, in points. */
const TITLE_HEIGHT = 28;

/**
 * Returns one block for each row of charts.
 * @param size - width of the pictures as a share of the room they have
 */
export function chartBlocks(pdf: Pdf, charts: readonly ChartPicture[], size: number): readonly Block[] {
  const { width } = area(pdf);
  const [first, ...others] = charts;
  const pairs = Array.from({ length: Math.ceil(others.length / 2) }, (_, at) => others.slice(2 * at, 2 * at + 2));
  return [
    ...(first === undefined ? [] : [rowBlock([first], width, size)]),
    ...pairs.map((pair) => rowBlock(pair, (width - GAP) / 2, size)),
  ];
}

function rowBlock(charts: readonly ChartPicture[], width: number, size: number): Block {
  const heights = charts.map((chart) => (chart.height / chart.width) * width * size);
  return {
    height: TITLE_HEIGHT + Math.max(...heights),
    draw: (pdf, top) => {
      charts.forEach((chart, at) => {
        const x = area(pdf).left + at * (width + GAP);
        pdf.font(fonts.bold).fontSize(10.5).fillColor(colours.ink);
        pdf.text(chart.title, x, top + 10, { lineBreak: false });
        pdf.image(Buffer.from(chart.png), x, top + TITLE_HEIGHT, { width: width * size });
      });
    },
  };
}
