/** Input and output schema of every task; the compiler refuses a task without them. */
import type { z } from 'zod';
import type { Task, TaskName } from './catalogue.ts';
import { documentTaskSchemas } from './documents.schema.ts';
import { emailTaskSchemas } from './email.schema.ts';
import { housekeepingTaskSchemas } from './housekeeping.schema.ts';
import { reportTaskSchemas } from './reports.schema.ts';
import type { InputOf, OutputOf } from './tasks.ts';

type TaskOf<N extends TaskName> = Extract<Task, { name: N }>;

export const taskSchemas = {
  ...documentTaskSchemas,
  ...emailTaskSchemas,
  ...housekeepingTaskSchemas,
  ...reportTaskSchemas,
} as const satisfies {
  readonly [N in TaskName]: {
    readonly input: z.ZodType<InputOf<TaskOf<N>>>;
    readonly output: z.ZodType<OutputOf<TaskOf<N>>>;
  };
};
