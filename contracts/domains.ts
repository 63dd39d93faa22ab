/**
 * The list of domains in the contracts; catalogue, workflow names and pipelines are derived from it. Schemas are listed in
 * `domains.schema.ts`, because the sandbox does not load the schema library, and failures in `failures/domains.ts`, because
 * schemas import them.
 */
export { ai } from './ai/domain.ts';
export { billing } from './billing/domain.ts';
export { canvas } from './canvas/domain.ts';
export { data } from './data/domain.ts';
export { dlq } from './dlq/domain.ts';
export { documents } from './documents/domain.ts';
export { email } from './email/domain.ts';
export { housekeeping } from './housekeeping/domain.ts';
export { imports } from './imports/domain.ts';
export { limits } from './limits/domain.ts';
export { media } from './media/domain.ts';
export { messages } from './messages/domain.ts';
export { operations } from './operations/domain.ts';
export { reports } from './reports/domain.ts';
export { samples } from './samples/domain.ts';
export { schedules } from './schedules/domain.ts';
export { tasks } from './tasks/domain.ts';
