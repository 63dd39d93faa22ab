/** Reports about the documents of one user. */
import type { ReportSent, UserReportResult } from '../../contracts/reports/vocabulary.ts';
import { tasks } from '../calls/tasks.ts';
import { dueAt } from '../calls/due-at.ts';
import { writeReport } from './write-report.ts';

/**
 * Writes and stores a user's report on a range of days; nobody is mailed.
 * @param startDate - first day in the user's time zone, YYYY-MM-DD
 * @param endDate - last day, included
 * @throws ApplicationFailure `UserNotFound` or `InvalidInput` before anything is stored
 */
export async function generateUserReport(
  userId: string,
  startDate: string,
  endDate: string,
): Promise<UserReportResult> {
  const plan = await tasks.reports.planReport({ kind: 'user', at: dueAt(), userId, start: startDate, end: endDate });
  const { data, report_path } = await writeReport(plan);
  return {
    status: 'completed',
    user_id: userId,
    report_path,
    total_documents: data.documents,
    report_id: plan.reportId,
  };
}

/**
 * Mails a user the report on the previous day in the user's own time zone. The schedule of a user runs this workflow.
 * @throws ApplicationFailure `UserNotFound`, or `InvalidInput` for a user without an address
 */
export async function userDailyReport(userId: string): Promise<ReportSent> {
  const plan = await tasks.reports.planReport({
    kind: 'user',
    at: dueAt(),
    userId,
    previousDay: true,
    emailed: true,
  });
  const { data } = await writeReport(plan);
  return { status: 'sent', report_id: plan.reportId, total_documents: data.documents };
}
