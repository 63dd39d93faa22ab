import {
  type Chart,
  type GenerateChartsInput,
  type GenerateChartsOutput,
  type GeneratePdfInput,
  type GeneratePdfOutput,
  reportDetailsSchema,
} from '../../contracts/reports/schema.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import type { ChartPicture, DrawnChart } from '../../services/reports/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { readBlob } from '../shell/read-blob.ts';
import { readJson } from './blobs.ts';
import type { ReportPorts } from './ports.ts';

/** Draws the charts of a report and stores each as PNG and SVG. The same figures give the same blobs. */
export async function generateCharts(
  { renderer, blobs }: ReportPorts,
  { data }: GenerateChartsInput,
  context: TaskContext,
): Promise<GenerateChartsOutput> {
  const drawn = await renderer.charts(data, context.signal);
  const store = async ({ name, title, svg, png, width, height }: DrawnChart): Promise<Chart> => {
    const [pngRef, svgRef] = await Promise.all([
      blobs.put('reports/charts', png),
      blobs.put('reports/charts', Buffer.from(svg)),
    ]);
    return { name, title, png: pngRef, svg: svgRef, width, height };
  };
  return { charts: await Promise.all(drawn.map(store)) };
}

/** Bytes of the largest picture of a chart. */
const MAX_PICTURE_BYTES = 8 * BYTES_PER_MB;

/** Writes the PDF of a report from its figures and charts, and stores it. */
export async function generatePdf(
  { renderer, blobs }: ReportPorts,
  { plan, data, charts }: GeneratePdfInput,
  context: TaskContext,
): Promise<GeneratePdfOutput> {
  const picture = async ({ name, title, png, width, height }: Chart): Promise<ChartPicture> => ({
    name,
    title,
    png: await readBlob(blobs, png, `charts.${name}.png`, MAX_PICTURE_BYTES),
    width,
    height,
  });
  const [details, pictures] = await Promise.all([
    readJson(blobs, data.details, 'data.details', reportDetailsSchema),
    Promise.all(charts.map(picture)),
  ]);
  const { bytes, pages } = await renderer.pdf({ plan, data, details, charts: pictures }, context.signal);
  return { pdf: await blobs.put('reports/files', bytes), pages };
}
