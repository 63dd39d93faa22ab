/** The list of domains that have routes; one line for each. */
export { audit } from './audit/routes.ts';
export { billing } from './billing/routes.ts';
export { breakers } from './breakers/routes.ts';
export { canvas } from './canvas/routes.ts';
export { codec } from './codec/routes.ts';
export { dlq } from './dlq/routes.ts';
export { documents } from './documents/routes.ts';
export { email } from './email/routes.ts';
export { health } from './health/routes.ts';
export { housekeeping } from './housekeeping/routes.ts';
export { imports } from './imports/routes.ts';
export { messages } from './messages/routes.ts';
export { parked } from './parked/routes.ts';
export { queues } from './queues/routes.ts';
export { reports } from './reports/routes.ts';
export { schedules } from './schedules/routes.ts';
export { tasks } from './tasks/routes.ts';
