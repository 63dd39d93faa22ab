/** Input and output schema of every task; the compiler refuses a task of the product without them. */
import type { z } from 'zod';
import type { TaskInput, TaskName, TaskOutput } from './catalogue.ts';
import type { DomainSchemas } from './domain.schema.ts';
import * as domains from './domains.schema.ts';
import type { TaskSchemas } from './tasks/definition.ts';

type Tables = (typeof domains)[keyof typeof domains]['tasks'];

/** The schemas of a name, from the table of its domain. */
type OfTask<N extends TaskName, Table = Tables> = Table extends unknown ? Table[N & keyof Table] : never;

/** Schemas of the tasks of the product, by the registered name of the task. */
export const taskSchemas = Object.assign({}, ...Object.values<DomainSchemas>(domains).map(({ tasks }) => tasks)) as {
  readonly [N in TaskName]: OfTask<N>;
} satisfies {
  // `Object.assign` loses the types; `satisfies` compares them with the types of the rows.
  readonly [N in TaskName]: TaskSchemas<TaskInput<N>, TaskOutput<N>>;
};

/** Arguments of the workflows that schedules may start, by their names. A workflow that is missing here cannot be scheduled. */
export const workflowArguments: Readonly<Record<string, z.ZodType<readonly unknown[]>>> = Object.fromEntries(
  Object.values<DomainSchemas>(domains).flatMap(({ workflows = {} }) => Object.entries(workflows)),
);
