/** The one table of all tasks. Everything that lists, calls or serves tasks is derived from it. */
import { documentTasks } from './documents.tasks.ts';
import { emailTasks } from './email.tasks.ts';
import { housekeepingTasks } from './housekeeping.tasks.ts';
import type { QueueName } from './queues.ts';
import { reportTasks } from './reports.tasks.ts';

const tasksByDomain = [documentTasks, emailTasks, housekeepingTasks, reportTasks] as const;

type RowsOf<Table> = Table[keyof Table];

/** Any task of the catalogue. */
export type Task = RowsOf<(typeof tasksByDomain)[number]>;

/** The registered name of any task, for example `documents.readDocument`. */
export type TaskName = Task['name'];

/** All tasks, domain by domain. */
export const catalogue: readonly Task[] = tasksByDomain.flatMap((table) => Object.values<Task>(table));

/** The task that is registered under a name; `undefined` for a name that no task has. */
export function findTask(name: string): Task | undefined {
  return catalogue.find((task) => task.name === name);
}

/** Activity queues that have tasks: what the workers of an installation serve together. */
export const activityQueues: readonly QueueName[] = [...new Set(catalogue.map(({ queue }) => queue))];
