import type { BlobRef } from '../../contracts/values/blobs.ts';
import { MAX_ATTACHMENT_BYTES } from '../../contracts/reports/vocabulary.ts';
import type { ReportPlan } from '../../contracts/reports/schema.ts';
import { tasks } from '../calls/tasks.ts';
import type { ReportMessage } from './mail-content.ts';

/** Says whether a file goes along with the message, or only its link. */
export function isAttached(file: BlobRef): boolean {
  return file.size <= MAX_ATTACHMENT_BYTES;
}

/** Mails a kept report to its recipient, once for each report and recipient; a report without one stays here. */
export async function emailReport(plan: ReportPlan, file: BlobRef, { text, html }: ReportMessage): Promise<void> {
  const { recipient, messageKey } = plan;
  if (recipient === undefined || messageKey === undefined) return;
  const attachments = isAttached(file) ? [{ ref: file, filename: plan.fileName }] : [];
  const content = { subject: plan.subject, body: html, html: true, textBody: text, attachments };
  await tasks.email.send({ messageKey, to: recipient, ...content });
  await tasks.reports.noteReportSent({ reportId: plan.reportId });
}
