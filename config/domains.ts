/** The list of domains that have settings; each name is a property of `Config`. */
export { ai } from './ai.ts';
export { billing } from './billing.ts';
export { documents } from './documents.ts';
export { email } from './email.ts';
export { housekeeping } from './housekeeping.ts';
export { imports } from './imports.ts';
export { media } from './media.ts';
export { messages } from './messages.ts';
export { reports } from './reports.ts';
export { schedules } from './schedules.ts';
