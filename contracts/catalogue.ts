/** The table of all tasks. Everything that lists, calls or serves tasks is derived from it. */
import type { DomainContract } from './domain.ts';
import * as domains from './domains.ts';
import type { QueueName } from './queues/names.ts';
import type { InputOf, OutputOf, TaskDefinition } from './tasks/definition.ts';
import type { PackedTasks } from './tasks/packs.ts';

type Domains = typeof domains;

/** The tables of all domains that have tasks, as a type. */
export type TasksByDomain = {
  readonly [D in keyof Domains as Domains[D] extends { readonly tasks: object } ? D : never]: Domains[D] extends {
    readonly tasks: infer Table;
  }
    ? Table
    : never;
};

/** The tables of all domains, by the word that the names of their tasks begin with. */
export const tasksByDomain = Object.fromEntries(
  Object.entries<DomainContract>(domains)
    .sort(([a], [b]) => (a < b ? -1 : 1)) // sorted, because bundlers change the order of exports
    .flatMap(([domain, { tasks }]) => (tasks === undefined ? [] : [[domain, tasks]])),
) as TasksByDomain; // `fromEntries` loses the types

/** Distributes over the union of tables, because they share no keys. */
type RowsOf<Table> = Table extends unknown ? Table[keyof Table] : never;

/** Any task of the catalogue. */
export type Task = RowsOf<TasksByDomain[keyof TasksByDomain]>;

/** The registered name of any task, for example `documents.readDocument`. */
export type TaskName = Task['name'];

/** All tasks, ordered by domain. */
export const catalogue: readonly Task[] = Object.values(tasksByDomain).flatMap((table) =>
  // Each table has a type of its own; `Task` is the union of their rows.
  Object.values<Task>(table as Readonly<Record<string, Task>>),
);

/** The type of the task with a name. */
export type TaskOf<N extends TaskName> = Extract<Task, { name: N }>;

/** The input type of a task. */
export type TaskInput<N extends TaskName> = InputOf<TaskOf<N>>;

/** The output type of a task. */
export type TaskOutput<N extends TaskName> = OutputOf<TaskOf<N>>;

/** A row of the catalogue whose input and output types are unknown. */
export type AnyTask = TaskDefinition<TaskName, unknown, unknown>;

const byName: ReadonlyMap<string, Task> = new Map(catalogue.map((task) => [task.name, task]));
const byAlias: ReadonlyMap<string, Task> = new Map(
  catalogue.flatMap((task) => ((task as AnyTask).aliases ?? []).map((alias) => [alias, task])),
);

/** Finds a task by its registered name or an alias from a Celery application; `undefined` for an unknown name. */
export function findTask(name: string): Task | undefined {
  return byName.get(name) ?? byAlias.get(name);
}

/** Activity queues that have tasks; the workers of an installation must serve all of them. */
export const activityQueues: readonly QueueName[] = [...new Set(catalogue.map(({ queue }) => queue))];

/** Returns the batchable tasks among `names`, each with its queue; `undefined` when there are none. */
export function packedAmong(names: Iterable<string>): PackedTasks | undefined {
  const packed: Record<string, string> = {};
  for (const name of new Set(names)) {
    const task: AnyTask | undefined = findTask(name);
    if (task?.batchable === true) packed[task.name] = task.queue;
  }
  return Object.keys(packed).length === 0 ? undefined : packed;
}
