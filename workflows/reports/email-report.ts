import type { BlobRef } from '../../contracts/values/blobs.ts';
import { MAX_ATTACHMENT_BYTES } from '../../contracts/reports/vocabulary.ts';
import type { ReportPlan } from '../../contracts/reports/schema.ts';
import { tasks } from '../calls/tasks.ts';

/** Says whether a file goes along with the message, or only its link. */
export function isAttached(file: BlobRef): boolean {
  return file.size <= MAX_ATTACHMENT_BYTES;
}

/** Mails a kept report to its recipient, once for each report and recipient; a report without one stays here. */
export async function emailReport(plan: ReportPlan, file: BlobRef, body: string): Promise<void> {
  const { recipient, messageKey } = plan;
  if (recipient === undefined || messageKey === undefined) return;
  const attachments = isAttached(file) ? [{ ref: file, filename: plan.fileName }] : [];
  await tasks.email.send({ messageKey, to: recipient, subject: plan.subject, body, html: false, attachments });
  await tasks.reports.noteReportSent({ reportId: plan.reportId });
}
