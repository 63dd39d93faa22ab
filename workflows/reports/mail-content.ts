/** The messages of reports: the same figures as text and as HTML. */
import { failureWords } from '../../contracts/reports/failure-words.ts';
import type { Analytics, ReportPlan } from '../../contracts/reports/schema.ts';
import { type Markup, markup } from '../../contracts/values/markup.ts';
import { barChart } from './bar-chart.ts';

/** The two forms of one message. */
export interface ReportMessage {
  readonly text: string;
  readonly html: string;
}

/** Writes a message. */
export type Body = (plan: ReportPlan, data: Analytics) => ReportMessage;

type Figure = readonly [label: string, value: string];

const figuresOf = (data: Analytics): readonly Figure[] => [
  ['Documents processed', String(data.documents)],
  ['Completed', String(data.ocr_processed)],
  ['Failed', String(data.failed)],
  ['Success rate', `${data.success_rate.toFixed(2)}%`],
  ['Open', String(data.open)],
  ['Pages read', String(data.pages)],
  ['Mean confidence', data.confidence === null ? '–' : `${(data.confidence * 100).toFixed(1)}%`],
];

const failuresOf = (data: Analytics): readonly Figure[] =>
  data.failures.map(({ type, documents }) => [failureWords(type).cause, String(documents)]);

const textLines = (figures: readonly Figure[]): string =>
  figures.map(([label, value]) => `${label}: ${value}`).join('\n');

const textFailures = (data: Analytics): string => {
  const failed = textLines(failuresOf(data));
  return failed === '' ? '' : `\n\nWhy documents were not read:\n${failed}`;
};

const daysOf = ({ period: { start, end, timeZone } }: ReportPlan): string =>
  `${start === end ? start : `${start} to ${end}`} (${timeZone})`;

const link = (plan: ReportPlan): string => `It is also kept at ${plan.link}`;

/** The message of a daily report: figures first. */
export const dailyBody: Body = (plan, data) => ({
  text: `${textLines(figuresOf(data))}${textFailures(data)}\n\nThe report is attached. ${link(plan)}\n`,
  html: reportHtml(plan, data),
});

/** The message of a report of any other kind. */
export const reportBody: Body = (plan, data) => ({
  text: `Your ${plan.title.toLowerCase()} is attached.\n\nPeriod: ${daysOf(plan)}\n${textLines(figuresOf(data))}${textFailures(data)}\n\n${link(plan)}\n`,
  html: reportHtml(plan, data),
});

/** The message of an export. */
export function exportBody(plan: ReportPlan, rows: number, attached: boolean): ReportMessage {
  const ready = `Your export of ${rows} documents is ready.`;
  const where = attached ? 'The file is attached.' : 'The file is too large for a message.';
  return {
    text: `${ready}\n\nPeriod: ${daysOf(plan)}\n${where} ${link(plan)}\n`,
    html: page(plan, markup`<p>${ready}</p>\n<p>Period: ${daysOf(plan)}</p>\n<p>${where}</p>`),
  };
}

function reportHtml(plan: ReportPlan, data: Analytics): string {
  const failed = failuresOf(data);
  return page(
    plan,
    markup`<p>Period: ${daysOf(plan)}. The report is attached.</p>
${table(figuresOf(data))}
${barChart(data)}
${failed.length === 0 ? [] : markup`<h3>Why documents were not read</h3>\n${table(failed)}`}`,
  );
}

function table(figures: readonly Figure[]): Markup {
  const rows = figures.map(
    ([label, value]) => markup`<tr><td>${label}</td><td align="right"><b>${value}</b></td></tr>\n`,
  );
  return markup`<table cellpadding="4">\n${rows}</table>`;
}

/** The frame of every message. Nothing is loaded from elsewhere, so that mail clients show all of it at once. */
function page(plan: ReportPlan, body: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${plan.subject}</title></head>
<body style="font-family: sans-serif; line-height: 1.5; color: #222">
<h2>${plan.subject}</h2>
${body}
<p>It is also kept at <a href="${plan.link}">${plan.link}</a></p>
</body>
</html>
`.html;
}
