/** Checks of what an application defines, beyond the types. */
import { z } from 'zod';
import { type AnyTask, catalogue } from '../contracts/catalogue.ts';
import { queues as builtIn } from '../contracts/queues/names.ts';
import type { QueueRow } from '../contracts/queues/table.ts';
import { PACK_ATTEMPTS } from '../contracts/tasks/packs.ts';
import { retryFaults } from '../contracts/tasks/retry-faults.ts';
import { failures as failureTable, isFailureType } from '../contracts/failures.ts';
import { failureClasses } from '../contracts/failures/rule.ts';
import * as domains from '../contracts/domains.ts';
import { isPort, type PortTable } from '../define/port.ts';
import type { NamedCanvas } from '../contracts/canvas/named.ts';
import type { DefinedRoute } from '../define/route.ts';
import type { DefinedSchedule } from '../define/schedule.ts';
import type { AnyDefinedTask } from '../define/task.ts';
import type { ApplicationFault } from './faults.ts';
import { LANGUAGE_RULES } from './language-rules.ts';
import { rowsOfProduct } from './queues.ts';
import type { Rule } from './rule.ts';

/** A value that a module of the application exports. */
export interface Exported<T> {
  /** Relative to the folder of the application. */
  readonly file: string;
  readonly value: T;
}

const TASK_NAME = /^[a-zA-Z]\w{0,60}(\.\w{1,60}){1,5}$/;

/** First words of names that belong to the product. */
const RESERVED: ReadonlySet<string> = new Set([...Object.keys(domains), 'perennial', 'celery']);

/** Names and aliases of the tasks of the product; the register of the process may hold more. */
const taken: ReadonlySet<string> = new Set(catalogue.flatMap(({ name, aliases = [] }: AnyTask) => [name, ...aliases]));

/** Says what is wrong with one value after the other. */
export type Check<T> = (exported: Exported<T>) => readonly ApplicationFault[];

/** Returns the check of tasks: their names, rows and schemas. */
export function taskCheck(queues: readonly QueueRow[]): Check<AnyDefinedTask> {
  const seen = new Map<string, string>();
  return ({ file, value }) => {
    const at = `${file}: ${value.name}`;
    const faults = [...nameFaults(at, value, seen), ...rowFaults(at, value, queues), ...schemaFaults(at, value)];
    for (const name of [value.name, ...(value.aliases ?? [])]) seen.set(name, file);
    return faults;
  };
}

function nameFaults(at: string, task: AnyDefinedTask, seen: ReadonlyMap<string, string>): readonly ApplicationFault[] {
  const remedy = 'Give the task another name.';
  const faults = [task.name, ...(task.aliases ?? [])].flatMap((name): ApplicationFault[] => {
    const other = seen.get(name);
    if (other !== undefined)
      return [
        { field: at, expected: 'a name that no other task has', got: `'${name}', which is in ${other} too`, remedy },
      ];
    return taken.has(name)
      ? [{ field: at, expected: 'a name that no task of the product has', got: `'${name}'`, remedy }]
      : [];
  });
  if (!TASK_NAME.test(task.name))
    return [
      ...faults,
      { field: at, expected: 'words with dots between, such as text.countWords', got: `'${task.name}'`, remedy },
    ];
  const [first = ''] = task.name.split('.');
  if (!RESERVED.has(first)) return faults;
  return [
    ...faults,
    { field: at, expected: `another first word than ${first}, which is the product's`, got: `'${task.name}'`, remedy },
  ];
}

const RULES: readonly Rule[] = [
  ...LANGUAGE_RULES,
  ({ queue }, row) =>
    row === undefined
      ? {
          expected: 'a queue of the product or of the configuration',
          got: `'${queue}'`,
          remedy: 'Declare it under `queues` in the configuration.',
        }
      : undefined,
  ({ queue }) =>
    queue === builtIn.workflows || queue === builtIn.system
      ? {
          expected: 'a queue for tasks',
          got: `'${queue}', which is the product's own`,
          remedy: 'Choose another queue.',
        }
      : undefined,
  ({ limits: { softMs, hardMs } }) =>
    softMs > 0 && softMs < hardMs
      ? undefined
      : {
          expected: 'a soft limit below the hard one',
          got: `soft ${softMs} ms, hard ${hardMs} ms`,
          remedy: 'Set both.',
        },
  ({ limits: { heartbeatMs } }) =>
    heartbeatMs >= MIN_HEARTBEAT_MS
      ? undefined
      : {
          expected: `limits.heartbeatMs of at least ${MIN_HEARTBEAT_MS}`,
          got: String(heartbeatMs),
          remedy: 'It is in milliseconds.',
        },
  ({ composes, sealOutput }) =>
    composes === true && sealOutput === true
      ? {
          expected: 'sealOutput for a task that does not compose',
          got: 'both',
          remedy: 'Set sealOutput for the tasks that give the result.',
        }
      : undefined,
  ({ failures }) => failureFault(failures),
  ({ ports }) => portFault(ports),
  (task, row) =>
    task.batchable !== true || mayShareActivities(task, row)
      ? undefined
      : {
          expected: `a batchable task without composes, keyed limits and a rate of its queue, with more than ${PACK_ATTEMPTS} attempts`,
          got: 'one that has them, or has fewer',
          remedy: 'Leave out batchable, or what contradicts it.',
        },
];

function rowFaults(at: string, task: AnyDefinedTask, own: readonly QueueRow[]): readonly ApplicationFault[] {
  const row = own.find(({ queue }) => queue === task.queue) ?? rowsOfProduct.get(task.queue);
  const isFailure = (name: string): boolean => isFailureType(name) || Object.hasOwn(task.failures, name);
  return [
    ...retryFaults(task.retry, isFailure).map((fault) => ({
      ...fault,
      field: `${at}: ${fault.field}`,
      remedy: 'Delays are in milliseconds, and the first attempt counts.',
    })),
    ...RULES.flatMap((rule) => {
      const fault = rule(task, row);
      return fault === undefined ? [] : [{ field: at, ...fault }];
    }),
  ];
}

function portFault(ports: PortTable): ReturnType<Rule> {
  if (Object.values(ports).every(isPort)) return undefined;
  return { expected: 'ports of definePort', got: 'something else among them', remedy: 'Make them with definePort.' };
}

const FAILURE_NAME = /^[A-Z][A-Za-z0-9]{1,60}$/;
const CLASSES: ReadonlySet<string> = new Set(failureClasses);

function failureFault(failures: AnyDefinedTask['failures']): ReturnType<Rule> {
  for (const [name, { class: kind, cause, remedy }] of Object.entries(failures)) {
    const got = `'${name}'`;
    if (namesOfProduct.has(name))
      return { expected: 'a failure that the product does not have', got, remedy: 'Give it another name.' };
    if (!FAILURE_NAME.test(name))
      return { expected: 'failures in the form OutOfStock', got, remedy: 'Letters and digits, with a capital first.' };
    if (!CLASSES.has(kind) || !cause || !remedy)
      return {
        expected: `class (one of ${[...CLASSES].join(', ')}), cause and remedy of ${name}`,
        got: kind,
        remedy: 'See FailureRule.',
      };
  }
  return undefined;
}

/** Before an application adds its own. */
const namesOfProduct: ReadonlySet<string> = new Set(Object.keys(failureTable));

function mayShareActivities(task: AnyDefinedTask, row: QueueRow | undefined): boolean {
  const limited = (task.keyedLimits ?? []).length > 0 || row?.rate !== undefined;
  return task.composes !== true && !limited && task.retry.attempts > PACK_ATTEMPTS;
}

/** A worker sends three heartbeats in each time-out. */
const MIN_HEARTBEAT_MS = 300;

/** Types of zod whose values JSON does not have. */
const NOT_JSON: ReadonlySet<string> = new Set([
  'bigint',
  'date',
  'file',
  'function',
  'map',
  'nan',
  'promise',
  'set',
  'symbol',
]);

/** Values travel as JSON, so a schema must be one of JSON. What other libraries check is not looked into. */
function schemaFaults(
  at: string,
  { schemas }: Pick<AnyDefinedTask, 'schemas'> | NamedCanvas,
): readonly ApplicationFault[] {
  return (['input', 'output'] as const).flatMap((side) => {
    const schema = side in schemas ? (schemas as AnyDefinedTask['schemas'])[side] : undefined; // a canvas has no output
    if (schema === undefined) return [];
    const found = new Set<string>();
    z.toJSONSchema(schema, {
      unrepresentable: 'any',
      io: side,
      override: ({ zodSchema }) => {
        const { type } = zodSchema._zod.def;
        if (NOT_JSON.has(type)) found.add(type);
      },
    });
    if (found.size === 0) return [];
    const remedy = 'Use types that JSON has: text in place of dates and bigints, lists in place of sets.';
    return [
      { field: `${at}: ${side}`, expected: 'a schema of JSON', got: `one with ${[...found].join(', ')}`, remedy },
    ];
  });
}

const ROUTE_PATH = /^(?:\/(?::[a-zA-Z]\w*|[\w.~-]+))+$/;

/** Returns the check of routes. */
export function routeCheck(): Check<DefinedRoute> {
  const seen = new Map<string, string>();
  return ({ file, value: { method, path, ports, failures } }) => {
    const field = `${file}: ${method} ${path}`;
    const key = `${method} ${path.replace(/:\w+/g, ':')}`;
    const other = seen.get(key);
    seen.set(key, file);
    const remedy = 'Change the path.';
    if (!ROUTE_PATH.test(path)) return [{ field, expected: 'a path such as /orders/:id', got: `'${path}'`, remedy }];
    if (other !== undefined)
      return [{ field, expected: 'a path that no other route has', got: `one that ${other} has too`, remedy }];
    const fault = failureFault(failures) ?? portFault(ports);
    return fault === undefined ? [] : [{ field, ...fault }];
  };
}

/** Returns the check of canvases; what they are built of is checked when they start. */
export function canvasCheck(): Check<NamedCanvas> {
  const seen = new Map<string, string>();
  return ({ file, value }) => {
    const { name } = value;
    const field = `${file}: ${name}`;
    const other = seen.get(name);
    seen.set(name, file);
    const remedy = 'Give the canvas another name.';
    const got = `'${name}'`;
    if (!TASK_NAME.test(name))
      return [{ field, expected: 'words with dots between, such as text.totalOf', got, remedy }];
    if (other !== undefined)
      return [{ field, expected: 'a name that no other canvas has', got: `${got}, which is in ${other} too`, remedy }];
    return schemaFaults(field, value);
  };
}

/** Returns the check of schedules; the rest of them is checked when they are written to the server. */
export function scheduleCheck(): Check<DefinedSchedule> {
  const seen = new Map<string, string>();
  return ({ file, value: { id } }) => {
    const other = seen.get(id);
    seen.set(id, file);
    if (other === undefined) return [];
    const expected = 'an id that no other schedule has';
    const got = `one that ${other} has too`;
    return [{ field: `${file}: ${id}`, expected, got, remedy: 'Give the schedule another id.' }];
  };
}
