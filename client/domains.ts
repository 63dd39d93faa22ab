/** The list of domains of the client; each name is a property of `PerennialClient`. */
export { createAuditJobs as audit } from './audit/jobs.ts';
export { createBreakerControls as breakers } from './breakers/controls.ts';
export { createCanvasJobs as canvas } from './canvas/jobs.ts';
export { createCodecJobs as codec } from './codec/jobs.ts';
export { createDataJobs as data } from './data/jobs.ts';
export { createDeadLetterJobs as dlq } from './dlq/jobs.ts';
export { createDocumentJobs as documents } from './documents/jobs.ts';
export { createEmailJobs as email } from './email/jobs.ts';
export { createHousekeepingJobs as housekeeping } from './housekeeping/jobs.ts';
export { createImportJobs as imports } from './imports/jobs.ts';
export { createMediaJobs as media } from './media/jobs.ts';
export { createMessageJobs as messages } from './messages/jobs.ts';
export { createParkedJobs as parked } from './parked/jobs.ts';
export { createQueueControls as queues } from './queues/controls.ts';
export { createReportJobs as reports } from './reports/jobs.ts';
export { createScheduleJobs as schedules } from './schedules/jobs.ts';
export { createTaskJobs as tasks } from './tasks/jobs.ts';
