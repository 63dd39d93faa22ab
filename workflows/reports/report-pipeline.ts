import type { ReportSent } from '../../contracts/reports/vocabulary.ts';
import type { PipelineOptions } from '../../contracts/reports/schema.ts';
import { tasks } from '../calls/tasks.ts';
import { dueAt } from '../calls/due-at.ts';
import { writeReport } from './write-report.ts';

/**
 * Reports on any range of days: fetch, charts, PDF, e-mail.
 * @param start - first day, YYYY-MM-DD
 * @param end - last day, included
 * @throws ApplicationFailure `InvalidInput` or `UserNotFound` before anything is stored
 */
export async function reportPipeline(start: string, end: string, options: PipelineOptions = {}): Promise<ReportSent> {
  const plan = await tasks.reports.planReport({ kind: 'period', at: dueAt(), start, end, emailed: true, ...options });
  const { data } = await writeReport(plan);
  return { status: 'sent', report_id: plan.reportId, total_documents: data.documents };
}
