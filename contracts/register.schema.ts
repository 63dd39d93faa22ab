/**
 * The tasks and queues of this process: those of the product, and those that its application has added. As in Celery, a
 * process has one register. Workflows do not load it; they find tasks in `workflows/calls/catalogue.ts`.
 */
import { type AnyTask, catalogue } from './catalogue.ts';
import { taskSchemas } from './catalogue.schema.ts';
import { PRIORITY_NORMAL } from './queues/priorities.ts';
import { addFailures } from './failures.ts';
import { PLUGGABLE, type PluggableDomain, worksOf } from './pluggable.ts';
import { queueTable, type QueueRow } from './queues/table.ts';
import type { TaskSchemas } from './tasks/definition.ts';
import { isTaskWithSchemas, type TaskWithSchemas } from './tasks/with-schemas.ts';
import type { PackedTasks } from './tasks/packs.ts';

type AnySchemas = TaskSchemas<unknown, unknown>;

const tasks = new Map<string, AnyTask>(catalogue.map((task) => [task.name, task]));
const names = new Map<string, AnyTask>(catalogue.flatMap(namesOf));
const schemas = new Map<string, AnySchemas>(Object.entries<AnySchemas>(taskSchemas));
const queues = new Map<string, QueueRow>(queueTable.map((row) => [row.queue, row]));

/** The names under which a task is found: its own, and its aliases. */
function namesOf(task: AnyTask): (readonly [string, AnyTask])[] {
  return [task.name, ...(task.aliases ?? [])].map((name) => [name, task]);
}

/** What an application adds. */
export interface Additions {
  readonly tasks: readonly TaskWithSchemas[];
  /** @defaultValue none */
  readonly queues?: readonly QueueRow[];
  /** Failures beside those of its tasks. @defaultValue none */
  readonly failures?: TaskWithSchemas['failures'];
  /** Domains of the product that it does not have; their tasks leave the register. @defaultValue none */
  readonly without?: readonly PluggableDomain[];
}

/**
 * Adds tasks and queues to those of the product.
 *
 * @returns a function that removes them again
 * @throws TypeError a name is taken, or a task is on an unknown queue; nothing is added
 */
export function register({ tasks: added, queues: rows = [], failures = {}, without = [] }: Additions): () => void {
  const complete = added.map((task) => withPriority(task, rows));
  const found = complete.flatMap(namesOf);
  requireNew(
    'task',
    found.map(([name]) => name),
    names,
  );
  requireNew(
    'queue',
    rows.map(({ queue }) => queue),
    queues,
  );
  for (const { name, queue } of added)
    if (!queues.has(queue) && !rows.some((row) => row.queue === queue))
      throw new TypeError(`${name}: expected a queue of the product or of the application, got '${queue}'`);
  const forget = addFailures(
    Object.assign({}, failures, ...added.map((task) => task.failures)) as TaskWithSchemas['failures'],
  ); // `Object.assign` loses the types
  const restore = remove(without);
  for (const row of rows) queues.set(row.queue, row);
  for (const [name, task] of found) names.set(name, task);
  for (const task of complete) {
    tasks.set(task.name, task);
    schemas.set(task.name, task.schemas);
  }
  return () => {
    for (const { queue } of rows) queues.delete(queue);
    for (const [name] of found) names.delete(name);
    for (const { name } of added) for (const map of [tasks, schemas]) map.delete(name);
    restore();
    forget();
  };
}

/** Returns the domain that the application would need for a task or workflow, by its name; `undefined` when it has it. */
export function lackedFor(work: string): PluggableDomain | undefined {
  return PLUGGABLE.find((domain) => worksOf(domain).includes(work) && !worksOf(domain).some((name) => tasks.has(name)));
}

/** Removes domains of the product; returns a function that puts them back. */
function remove(domains: readonly PluggableDomain[]): () => void {
  const gone = new Set(domains.flatMap(worksOf));
  const removed = [...tasks.values()]
    .filter(({ name }) => gone.has(name))
    .map((task) => ({ task, schemas: schemasOf(task) }));
  for (const { task } of removed) {
    tasks.delete(task.name);
    schemas.delete(task.name);
    for (const [name] of namesOf(task)) names.delete(name);
  }
  return () => {
    for (const { task, schemas: checks } of removed) {
      tasks.set(task.name, task);
      schemas.set(task.name, checks);
      for (const [name] of namesOf(task)) names.set(name, task);
    }
  };
}

/** The router knows the queues of the product only. */
function withPriority(task: TaskWithSchemas, rows: readonly QueueRow[]): TaskWithSchemas {
  const row = rows.find(({ queue }) => queue === task.queue);
  return row === undefined || task.priority !== undefined ? task : { ...task, priority: row.priority };
}

function requireNew(kind: string, added: readonly string[], taken: ReadonlyMap<string, unknown>): void {
  const seen = new Set<string>();
  for (const name of added) {
    if (taken.has(name) || seen.has(name))
      throw new TypeError(`${name}: expected a name that no other ${kind} has, got it twice`);
    seen.add(name);
  }
}

/**
 * Adds those tasks among the exports of modules that are not there yet; the queues of an application need not be known
 * for calls.
 *
 * @returns a function that removes what it has added
 * @throws TypeError a name is taken by another task
 */
export function registerTasks(exports: Readonly<Record<string, unknown>> = {}): () => void {
  const added = [...new Set(Object.values(exports))]
    .filter(isTaskWithSchemas)
    .filter((task) => schemas.get(task.name) !== task.schemas);
  const unknown = [...new Set(added.map(({ queue }) => queue))].filter((queue) => !queues.has(queue));
  return register({ tasks: added, queues: unknown.map((queue) => ({ ...UNKNOWN_QUEUE, queue })) });
}

/** How a queue of the application counts in a process that does not know its configuration. */
const UNKNOWN_QUEUE = { priority: PRIORITY_NORMAL, slots: 1, purpose: '' };

/** Returns every task: those of the product, then those of the application. */
export function allTasks(): readonly AnyTask[] {
  return [...tasks.values()];
}

/** Finds a task by its registered name or an alias from a Celery application; `undefined` for an unknown name. */
export function findTask(name: string): AnyTask | undefined {
  return names.get(name);
}

/** Returns the schemas of a task of the register. */
export function schemasOf({ name }: Pick<AnyTask, 'name'>): AnySchemas {
  const found = schemas.get(name);
  if (found === undefined) throw new TypeError(`${name}: expected schemas for each task, found none`);
  return found;
}

/** Returns the activity queues that have tasks; the workers of an installation must serve all of them. */
export function activityQueues(): readonly string[] {
  return [...new Set(allTasks().map(({ queue }) => queue))];
}

/** Tells whether the product or the application has a queue of that name. */
export function isQueue(name: string): boolean {
  return queues.has(name);
}

/** Returns how a queue is served. */
export function queueOf(name: string): QueueRow {
  const found = queues.get(name);
  if (found === undefined) throw new RangeError(`expected a queue of the product or of the application, got '${name}'`);
  return found;
}

/** Says whether the input of a task stands sealed in histories. */
export function sealsInput(name: string): boolean {
  return findTask(name)?.sealInput === true;
}

/** Returns the batchable tasks among `given`, each with its queue; `undefined` when there are none. */
export function packedAmong(given: Iterable<string>): PackedTasks | undefined {
  const packed: Record<string, string> = {};
  for (const name of new Set(given)) {
    const task = findTask(name);
    if (task?.batchable === true) packed[task.name] = task.queue;
  }
  return Object.keys(packed).length === 0 ? undefined : packed;
}
