/** The list of domains that have failures of their own. */
export { aiFailures as ai } from '../ai/failures.ts';
export { billingFailures as billing } from '../billing/failures.ts';
export { breakerFailures as breakers } from '../breakers/failures.ts';
export { canvasFailures as canvas } from '../canvas/failures.ts';
export { dataFailures as data } from '../data/failures.ts';
export { documentFailures as documents } from '../documents/failures.ts';
export { deadLetterFailures as dlq } from '../dlq/failures.ts';
export { emailFailures as email } from '../email/failures.ts';
export { housekeepingFailures as housekeeping } from '../housekeeping/failures.ts';
export { importFailures as imports } from '../imports/failures.ts';
export { mediaFailures as media } from '../media/failures.ts';
export { messageFailures as messages } from '../messages/failures.ts';
export { reportFailures as reports } from '../reports/failures.ts';
export { scheduleFailures as schedules } from '../schedules/failures.ts';
export { callFailures as tasks } from '../tasks/failures.ts';
