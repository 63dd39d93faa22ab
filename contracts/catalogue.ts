/** The one table of all tasks. Everything that lists, calls or serves tasks is derived from it. */
import { documentTasks } from './documents.tasks.ts';

export const catalogue = { ...documentTasks } as const;

/** Any task of the catalogue. */
export type Task = (typeof catalogue)[keyof typeof catalogue];

/** The registered name of any task, for example `documents.readDocument`. */
export type TaskName = Task['name'];
