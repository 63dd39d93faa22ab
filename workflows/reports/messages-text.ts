/** The texts of report e-mails: plain text, numbers with two decimals. */
import type { Analytics, ReportPlan } from '../../contracts/reports/schema.ts';

/** Writes the body of a message. */
export type Body = (plan: ReportPlan, data: Analytics) => string;

const figures = (data: Analytics): string =>
  [
    `Documents processed: ${data.documents}`,
    `Completed: ${data.ocr_processed}`,
    `Failed: ${data.failed}`,
    `Success rate: ${data.success_rate.toFixed(2)}%`,
  ].join('\n');

const about = ({ period: { start, end, timeZone } }: ReportPlan): string =>
  `${start === end ? start : `${start} to ${end}`} (${timeZone})`;

const link = (plan: ReportPlan): string => `It is also kept at ${plan.link}`;

/** Figures first, as the source's daily message has them. */
export const dailyBody: Body = (plan, data) => `${figures(data)}\n\nThe report is attached. ${link(plan)}\n`;

/** What a report of any other kind says. */
export const reportBody: Body = (plan, data) =>
  `Your ${plan.title.toLowerCase()} is attached.\n\nPeriod: ${about(plan)}\n${figures(data)}\n\n${link(plan)}\n`;

/** What comes with an export. */
export function exportBody(plan: ReportPlan, rows: number, attached: boolean): string {
  const where = attached ? 'The file is attached.' : 'The file is too large for a message.';
  return `Your export of ${rows} documents is ready.\n\nPeriod: ${about(plan)}\n${where} ${link(plan)}\n`;
}
