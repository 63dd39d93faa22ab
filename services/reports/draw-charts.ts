/**
 * Draws charts: Vega-Lite to SVG, SVG to PNG. It runs in the child process for drawing, never in the process that polls
 * for work.
 */
import sharp from 'sharp';
import { parse, resetSVGDefIds, View } from 'vega';
import { compile } from 'vega-lite';
import type { Analytics } from '../../contracts/reports/schema.ts';
import { type ChartSpec, chartSpecs } from './chart-specs.ts';
import type { DrawnChart } from './port.ts';

/** Pixels for each CSS pixel; a chart is about 17 cm wide on paper and must look sharp there. */
const SCALE = 3;
const CSS_DPI = 72;

/** Draws all charts of a report. The same figures give the same bytes. */
export async function drawCharts(data: Analytics): Promise<readonly DrawnChart[]> {
  const drawn: DrawnChart[] = [];
  for (const spec of chartSpecs(data)) drawn.push(await drawChart(spec));
  return drawn;
}

async function drawChart({ name, title, spec }: ChartSpec): Promise<DrawnChart> {
  // Ids inside the SVG would otherwise continue from chart to chart and change the bytes.
  resetSVGDefIds();
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    const { data, info } = await sharp(Buffer.from(svg), { density: CSS_DPI * SCALE })
      .flatten({ background: '#ffffff' })
      .png({ palette: true, compressionLevel: 9 })
      .toBuffer({ resolveWithObject: true });
    return { name, title, svg, png: data, width: info.width / SCALE, height: info.height / SCALE };
  } finally {
    view.finalize();
  }
}
