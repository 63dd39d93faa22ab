/** Entry of the workflow bundle: the workflows of every domain, by name, and the shapes of what they accept. */
export * from './canvas/index.ts';
export * from './dlq/index.ts';
export * from './documents/index.ts';
export * from './email/index.ts';
export * from './housekeeping/index.ts';
export * from './imports/index.ts';
export * from './messages/index.ts';
export * from './reports/index.ts';
export * from './schedules/index.ts';
export * from './tasks/index.ts';
