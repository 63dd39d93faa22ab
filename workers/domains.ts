/** The list of domains whose activities workers run. */
export { createDocumentsDomain as documents } from './domains/documents.ts';
export { createEmailDomain as email } from './domains/email.ts';
export { createHousekeepingDomain as housekeeping } from './domains/housekeeping.ts';
export { createImportsDomain as imports } from './domains/imports.ts';
export { createLimitsDomain as limits } from './domains/limits.ts';
export { createOperationsDomain as operations } from './domains/operations.ts';
export { createReportsDomain as reports } from './domains/reports.ts';
export { createSamplesDomain as samples } from './domains/samples.ts';
export { createSchedulesDomain as schedules } from './domains/schedules.ts';
