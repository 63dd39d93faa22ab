/** Entry of the workflow bundle: every workflow, by name. */
export { runCanvas } from './canvas/run.ts';
export { runCanvasPart } from './canvas/run-part.ts';
export { batchOcr } from './documents/batch-ocr.ts';
export { extractInvoiceData } from './documents/extract-invoice-data.ts';
export { processDocumentOcr } from './documents/process-document-ocr.ts';
export { healthCheck } from './housekeeping/health-check.ts';
export { onboardUser } from './email/onboard-user.ts';
export { sendBulkEmails } from './email/send-bulk-emails.ts';
export { sendInactiveReminders } from './email/send-inactive-reminders.ts';
export { sendWeeklyDigest } from './email/send-weekly-digest.ts';
export { runAtSolarEvent } from './schedules/run-at-solar-event.ts';
export {
  aggregateStatistics,
  createMonthlyReport,
  generateDailyReport,
  generateWeeklyReport,
} from './reports/calendar-reports.ts';
export { exportData } from './reports/export-data.ts';
export { reportPipeline } from './reports/report-pipeline.ts';
export { generateUserReport, userDailyReport } from './reports/user-reports.ts';
export { dataImport } from './imports/data-import.ts';
export { syncExternalData } from './imports/sync-external-data.ts';
export { runTask } from './tasks/run-task.ts';
export { runCalls } from './tasks/run-calls.ts';
