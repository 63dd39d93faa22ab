/** The table of all tasks of the product. Everything that lists, calls or serves tasks is derived from it. */
import type { DomainContract } from './domain.ts';
import * as domains from './domains.ts';
import type { InputOf, OutputOf, TaskDefinition } from './tasks/definition.ts';

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

/** Any task of the product. */
export type Task = RowsOf<TasksByDomain[keyof TasksByDomain]>;

/** The registered name of any task of the product, for example `documents.readDocument`. */
export type TaskName = Task['name'];

/** All tasks of the product, ordered by domain. */
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
export type AnyTask = TaskDefinition<string, unknown, unknown>;
