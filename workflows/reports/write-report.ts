import type { Analytics, ReportPlan } from '../../contracts/reports/schema.ts';
import { tasks } from '../calls/tasks.ts';
import { emailReport } from './email-report.ts';
import { type Body, reportBody } from './mail-content.ts';

/** A report that has been kept and, where it has a recipient, sent. */
export interface WrittenReport {
  readonly plan: ReportPlan;
  readonly data: Analytics;
  /** Where the PDF is kept. */
  readonly report_path: string;
}

/**
 * The pipeline of every report. Each step receives the results of the earlier steps explicitly, so that it can run on
 * any worker.
 */
export async function writeReport(plan: ReportPlan, body: Body = reportBody): Promise<WrittenReport> {
  const { start, end, timeZone } = plan.period;
  const data = await tasks.reports.fetchAnalytics({ start, end, timeZone, userId: plan.userId });
  const { charts } = await tasks.reports.generateCharts({ data });
  const { pdf } = await tasks.reports.generatePdf({ plan, data, charts });
  const { report_path } = await tasks.reports.saveReport({ plan, file: pdf, charts, documents: data.documents });
  await emailReport(plan, pdf, body(plan, data));
  return { plan, data, report_path };
}
