import type { ExportSent } from '../../contracts/reports/vocabulary.ts';
import type { ExportDataInput } from '../../contracts/reports/schema.ts';
import { tasks } from '../calls/tasks.ts';
import { dueAt } from '../calls/due-at.ts';
import { isAttached, emailReport } from './email-report.ts';
import { exportBody } from './mail-content.ts';

/**
 * Exports the documents of a user, or of everybody, and mails the file. Its input holds everything it depends on, so
 * that no default decides whose documents are sent to whom.
 * @throws ApplicationFailure `InvalidInput`, `UserNotFound` or `ExportTooLarge`
 */
export async function exportData(input: ExportDataInput): Promise<ExportSent> {
  const { startDate: start, endDate: end, userId, format, email, timeZone } = input;
  const plan = await tasks.reports.planReport({
    kind: 'export',
    at: dueAt(),
    emailed: true,
    start,
    end,
    userId,
    format,
    email,
    timeZone,
  });
  const { file, rows } = await tasks.reports.exportRows({ plan, format });
  await tasks.reports.saveReport({ plan, file, charts: [], documents: rows });
  await emailReport(plan, file, exportBody(plan, rows, isAttached(file)));
  return { status: 'sent', export_id: plan.reportId, format, rows };
}
