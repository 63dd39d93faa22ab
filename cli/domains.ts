/** The list of domains that have commands; one line for each. */
export { application } from './application/program.ts';
export { audit } from './audit/program.ts';
export { breakers } from './breakers/program.ts';
export { canvas } from './canvas/program.ts';
export { completion } from './completion/program.ts';
export { dlq } from './dlq/program.ts';
export { documents } from './documents/program.ts';
export { email } from './email/program.ts';
export { housekeeping } from './housekeeping/program.ts';
export { imports } from './imports/program.ts';
export { media } from './media/program.ts';
export { messages } from './messages/program.ts';
export { parked } from './parked/program.ts';
export { queues } from './queues/program.ts';
export { reports } from './reports/program.ts';
export { schedules } from './schedules/program.ts';
export { tasks } from './tasks/program.ts';
