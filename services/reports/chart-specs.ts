/** The charts of a report as Vega-Lite specifications, built from the figures by pure functions. */
import type { TopLevelSpec } from 'vega-lite';
import type { Analytics, Chart } from '../../contracts/reports/schema.ts';

/** Colours of the report, distinguishable in gray print and by colour-blind readers. */
export const colours = {
  ink: '#1f2933',
  faint: '#7b8794',
  line: '#d9e2ec',
  panel: '#f0f4f8',
  accent: '#0b69a3',
  completed: '#0b4f7d',
  failed: '#e07a5f',
  open: '#f2cc8f',
} as const;

/** The family of the report's fonts; `fonts.conf` names the files. */
export const FONT_FAMILY = 'DejaVu Sans';

/** One chart to draw. */
export interface ChartSpec {
  readonly name: Chart['name'];
  readonly title: string;
  readonly spec: TopLevelSpec;
}

const base = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  background: '#ffffff',
  autosize: { type: 'fit', contains: 'padding' },
  config: {
    font: FONT_FAMILY,
    view: { stroke: null },
    axis: {
      labelColor: colours.ink,
      titleColor: colours.faint,
      titleFontWeight: 'normal',
      labelFontSize: 10,
      titleFontSize: 10,
      gridColor: colours.line,
      domainColor: colours.line,
      tickColor: colours.line,
    },
    legend: { labelColor: colours.ink, labelFontSize: 10, title: null, orient: 'top', symbolType: 'square' },
    bar: { cornerRadiusEnd: 1 },
  },
} as const;

/** Outcomes of documents, in the order and the words of every chart. */
const OUTCOMES = [
  { key: 'completed', label: 'Read', colour: colours.completed },
  { key: 'failed', label: 'Failed', colour: colours.failed },
  { key: 'open', label: 'Open', colour: colours.open },
] as const;

const outcomeColours = {
  field: 'outcome',
  type: 'nominal',
  sort: null,
  scale: { domain: OUTCOMES.map(({ label }) => label), range: OUTCOMES.map(({ colour }) => colour) },
} as const;

/** Counts are whole numbers, so an axis from 0 to 1 must not show halves. */
const countAxis = { title: 'Documents', tickMinStep: 1, format: 'd', titleAnchor: 'end' } as const;

/** Starts the scale at 0 and gives it a length even when nothing was counted. */
function countScale(largest: number): { domain: [number, number] } | { domainMin: number; nice: boolean } {
  return largest === 0 ? { domain: [0, 1] } : { domainMin: 0, nice: true };
}

/** Returns all charts of a report, in the order of its pages. */
export function chartSpecs(data: Analytics): readonly ChartSpec[] {
  return [timeline(data), outcomes(data), confidence(data)];
}

function timeline(data: Analytics): ChartSpec {
  const { buckets, unit } = data;
  const values = buckets.flatMap((bucket) =>
    OUTCOMES.map(({ key, label }, order) => ({ part: bucket.label, outcome: label, documents: bucket[key], order })),
  );
  return {
    name: 'timeline',
    title: `Documents by ${unit}`,
    spec: {
      ...base,
      width: 720,
      height: 220,
      data: { values },
      mark: 'bar',
      encoding: {
        x: {
          field: 'part',
          type: 'ordinal',
          sort: null,
          axis: { title: null, labelAngle: buckets.length > 12 ? -45 : 0, labelOverlap: 'greedy', grid: false },
        },
        y: { field: 'documents', type: 'quantitative', axis: countAxis, scale: countScale(data.documents) },
        color: outcomeColours,
        order: { field: 'order', type: 'quantitative' },
      },
    },
  };
}

function outcomes(data: Analytics): ChartSpec {
  const { ocr_processed: completed, failed, open } = data;
  const counts = { completed, failed, open };
  const values = OUTCOMES.map(({ key, label }) => ({ outcome: label, documents: counts[key] }));
  return {
    name: 'outcomes',
    title: 'Outcome of the documents',
    spec: {
      ...base,
      width: 350,
      height: 200,
      data: { values },
      encoding: {
        y: { field: 'outcome', type: 'nominal', sort: null, axis: { title: null, grid: false, domain: false } },
        x: { field: 'documents', type: 'quantitative', axis: countAxis, scale: countScale(data.documents) },
      },
      layer: [
        { mark: { type: 'bar', height: { band: 0.6 } }, encoding: { color: { ...outcomeColours, legend: null } } },
        {
          mark: { type: 'text', align: 'left', dx: 4, color: colours.ink, fontSize: 10 },
          encoding: { text: { field: 'documents', type: 'quantitative', format: ',d' } },
        },
      ],
    },
  };
}

function confidence({ confidences }: Analytics): ChartSpec {
  const values = confidences.map((documents, tenth) => ({ range: `${tenth * 10}–${tenth * 10 + 10}`, documents }));
  return {
    name: 'confidence',
    title: 'Confidence of the readings',
    spec: {
      ...base,
      width: 350,
      height: 200,
      data: { values },
      mark: { type: 'bar', color: colours.accent },
      encoding: {
        x: {
          field: 'range',
          type: 'ordinal',
          sort: null,
          axis: { title: 'Confidence in percent', labelAngle: -45, grid: false },
        },
        y: { field: 'documents', type: 'quantitative', axis: countAxis, scale: countScale(Math.max(...confidences)) },
      },
    },
  };
}
