/** The list of domains with schemas; the schemas of tasks and the schedulable workflows are derived from it. */
export { aiSchemas as ai } from './ai/schema.ts';
export { billingSchemas as billing } from './billing/schema.ts';
export { dataSchemas as data } from './data/schema.ts';
export { deadLetterSchemas as dlq } from './dlq/task-schemas.schema.ts';
export { documentSchemas as documents } from './documents/schema.ts';
export { emailSchemas as email } from './email/schema.ts';
export { housekeepingSchemas as housekeeping } from './housekeeping/schema.ts';
export { importSchemas as imports } from './imports/schema.ts';
export { limitSchemas as limits } from './limits/schema.ts';
export { mediaSchemas as media } from './media/schema.ts';
export { messageSchemas as messages } from './messages/schema.ts';
export { operationsSchemas as operations } from './operations/schema.ts';
export { reportSchemas as reports } from './reports/schema.ts';
export { sampleSchemas as samples } from './samples/schema.ts';
export { scheduleSchemas as schedules } from './schedules/schema.ts';
