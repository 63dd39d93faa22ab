/** The one table of all tasks. Everything that lists, calls or serves tasks is derived from it. */
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
    .sort(([a], [b]) => (a < b ? -1 : 1)) // bundlers list exports in an order of their own
    .flatMap(([domain, { tasks }]) => (tasks === undefined ? [] : [[domain, tasks]])),
) as TasksByDomain; // the compiler does not follow entries

/** Spread over a union of tables: their keys have nothing in common. */
type RowsOf<Table> = Table extends unknown ? Table[keyof Table] : never;

/** Any task of the catalogue. */
export type Task = RowsOf<TasksByDomain[keyof TasksByDomain]>;

/** The registered name of any task, for example `documents.readDocument`. */
export type TaskName = Task['name'];

/** All tasks, domain by domain. */
export const catalogue: readonly Task[] = Object.values(tasksByDomain).flatMap((table) =>
  // The tables are one type each; what they hold is the union.
  Object.values<Task>(table as Readonly<Record<string, Task>>),
);

/** The task of a name. */
export type TaskOf<N extends TaskName> = Extract<Task, { name: N }>;

/** What a task takes. */
export type TaskInput<N extends TaskName> = InputOf<TaskOf<N>>;

/** What a task gives. */
export type TaskOutput<N extends TaskName> = OutputOf<TaskOf<N>>;

/** A task whose types are not known: its row as data. */
export type AnyTask = TaskDefinition<TaskName, unknown, unknown>;

const byName: ReadonlyMap<string, Task> = new Map(catalogue.map((task) => [task.name, task]));
const byAlias: ReadonlyMap<string, Task> = new Map(
  catalogue.flatMap((task) => ((task as AnyTask).aliases ?? []).map((alias) => [alias, task])),
);

/** The task that is registered under a name, or that a source knew under it; `undefined` for a name that no task has. */
export function findTask(name: string): Task | undefined {
  return byName.get(name) ?? byAlias.get(name);
}

/** Activity queues that have tasks: what the workers of an installation serve together. */
export const activityQueues: readonly QueueName[] = [...new Set(catalogue.map(({ queue }) => queue))];

/** Which of these tasks may share an activity, each with its queue; `undefined` where there are none. */
export function packedAmong(names: Iterable<string>): PackedTasks | undefined {
  const packed: Record<string, string> = {};
  for (const name of new Set(names)) {
    const task: AnyTask | undefined = findTask(name);
    if (task?.batchable === true) packed[task.name] = task.queue;
  }
  return Object.keys(packed).length === 0 ? undefined : packed;
}
