/** The chart of a message: a table with coloured cells, which every mail client shows without loading anything. */
import type { Analytics } from '../../contracts/reports/schema.ts';
import { type Markup, markup } from '../../contracts/values/markup.ts';

/** Most bars; neighbours share one beyond. */
const MOST_BARS = 31;

/** Width of the longest bar, in pixels. */
const WIDTH = 300;

const OUTCOMES = [
  { key: 'completed', label: 'Read', colour: '#0b4f7d' },
  { key: 'failed', label: 'Failed', colour: '#e07a5f' },
  { key: 'open', label: 'Open', colour: '#f2cc8f' },
] as const;

type Bar = Analytics['buckets'][number];

/** Draws the documents of each hour, day or month; nothing when there are none. */
export function barChart({ buckets, documents, unit }: Analytics): Markup | readonly Markup[] {
  if (documents === 0) return [];
  const bars = barsOf(buckets);
  const longest = Math.max(...bars.map(totalOf), 1);
  const legend = OUTCOMES.map(({ label, colour }) => markup`<span style="color: ${colour}">&#9632;</span> ${label} `);
  return markup`<h3>Documents by ${unit}</h3>
<p>${legend}</p>
<table style="font-size: 12px">
${bars.map((bar) => rowOf(bar, WIDTH / longest))}</table>`;
}

function barsOf(buckets: readonly Bar[]): readonly Bar[] {
  const size = Math.ceil(buckets.length / MOST_BARS);
  const bars: Bar[] = [];
  buckets.forEach((part, at) => {
    const bar = at % size === 0 ? undefined : bars.pop();
    bars.push(bar === undefined ? part : joined(bar, part));
  });
  return bars;
}

/** A bar has the label of its first part. */
const joined = (one: Bar, other: Bar): Bar => ({
  label: one.label,
  completed: one.completed + other.completed,
  failed: one.failed + other.failed,
  open: one.open + other.open,
});

const totalOf = ({ completed, failed, open }: Bar): number => completed + failed + open;

function rowOf(bar: Bar, scale: number): Markup {
  const cells = OUTCOMES.filter(({ key }) => bar[key] > 0).map(
    ({ key, colour }) =>
      markup`<td bgcolor="${colour}" width="${String(Math.max(1, Math.round(bar[key] * scale)))}" height="12"></td>`,
  );
  return markup`<tr><td>${bar.label}</td><td align="right">${String(totalOf(bar))}</td><td><table cellspacing="0"><tr>${cells}</tr></table></td></tr>\n`;
}
