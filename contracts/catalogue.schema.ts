/** Input and output schema of every task; the compiler refuses a task without them. */
import type { TaskInput, TaskName, TaskOutput } from './catalogue.ts';
import { documentTaskSchemas } from './documents/schema.ts';
import { emailTaskSchemas } from './email/schema.ts';
import { housekeepingTaskSchemas } from './housekeeping/schema.ts';
import { importTaskSchemas } from './imports/schema.ts';
import { limitTaskSchemas } from './limits/schema.ts';
import { operationsTaskSchemas } from './operations/schema.ts';
import { ownTaskSchemas } from './own/schema.ts';
import { reportTaskSchemas } from './reports/schema.ts';
import { sampleTaskSchemas } from './samples/schema.ts';
import { scheduleTaskSchemas } from './schedules/schema.ts';
import type { TaskSchemas } from './tasks/definition.ts';

export const taskSchemas = {
  ...documentTaskSchemas,
  ...emailTaskSchemas,
  ...housekeepingTaskSchemas,
  ...importTaskSchemas,
  ...reportTaskSchemas,
  ...operationsTaskSchemas,
  ...sampleTaskSchemas,
  ...limitTaskSchemas,
  ...scheduleTaskSchemas,
  ...ownTaskSchemas,
} as const satisfies {
  readonly [N in TaskName]: TaskSchemas<TaskInput<N>, TaskOutput<N>>;
};
