/** Runs tasks and canvases of an application in the process of a test. */
import type { Activities, Activity } from '../activities/shell/activity.ts';
import { type CanvasGiven, type InlineOptions, runCanvasInline, runTaskInline } from '../activities/shell/inline.ts';
import { createMemoryCache } from '../activities/shell/cache/memory.ts';
import { memoryAnswers } from '../activities/shell/memory-answers.ts';
import { shell, type ShellOptions } from '../activities/shell/shell.ts';
import type { TaskBody } from '../activities/shell/task-body.ts';
import type { TypedSignature } from '../canvas/build/typed.ts';
import { parseSignature } from '../canvas/signature/parse.ts';
import { isCanvasPipeline } from '../contracts/canvas/pipelines.ts';
import { findTask, isQueue, registerTasks } from '../contracts/register.schema.ts';
import { type AnyDefinedTask, type DefinedTask, isDefinedTask } from '../define/task.ts';
import { type ProvidedPort, providedOf } from './ports.ts';

/**
 * How a task runs in a test.
 *
 * @example
 * ```ts
 * import type { RunOptions } from './testing/index.ts';
 *
 * const lines: string[] = [];
 * const options: RunOptions = { attempt: 2, logs: (line) => lines.push(line) };
 * ```
 */
export interface RunOptions extends InlineOptions {
  /**
   * Exports of the modules with the tasks that its canvases call; what is no task counts for nothing.
   * @defaultValue only the task itself
   */
  readonly tasks?: Readonly<Record<string, unknown>> | undefined;
  /** What tasks receive in place of their ports, each of `provide`; a port that is not there fails its task. */
  readonly ports?: readonly ProvidedPort[] | undefined;
  /** What `once` remembers. @defaultValue each run remembers its own effects alone */
  readonly effects?: EffectLedger | undefined;
  /** What `cache` has. @defaultValue each run begins with nothing */
  readonly cache?: MemoryCache | undefined;
}

/**
 * Entries of caches in memory, for tests in which several runs share them.
 *
 * @example
 * ```ts
 * import { memoryCache, type MemoryCache } from './testing/index.ts';
 *
 * const cache: MemoryCache = memoryCache();
 * ```
 */
export type MemoryCache = ReturnType<typeof createMemoryCache>;

/**
 * Creates entries of caches in memory. Runs that get them under `cache` find what another one has kept.
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { defineCache, defineTask } from './define/index.ts';
 * import { memoryCache, runTask } from './testing/index.ts';
 *
 * const lengths = defineCache({ name: 'text.lengths', key: z.string(), value: z.int() });
 * const measure = defineTask({ name: 'text.measure', input: z.string(), output: z.int() }, (text, { cache, log }) =>
 *   cache.of(lengths).getOrLoad(text, () => (log.info('measured'), text.length)),
 * );
 * const cache = memoryCache();
 * console.log(await runTask(measure, 'four', { cache }), await runTask(measure, 'four', { cache })); // 4 4
 * ```
 */
export function memoryCache(): MemoryCache {
  return createMemoryCache();
}

/**
 * A ledger of effects in memory, for tests in which several runs share keys of `once`.
 *
 * @example
 * ```ts
 * import { effectLedger, type EffectLedger } from './testing/index.ts';
 *
 * const effects: EffectLedger = effectLedger();
 * ```
 */
export type EffectLedger = ReturnType<typeof memoryAnswers>;

/**
 * Creates a ledger of effects in memory. Runs that get it under `effects` have an effect once for each key.
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { defineTask } from './define/index.ts';
 * import { effectLedger, runTask } from './testing/index.ts';
 *
 * const pay = defineTask(
 *   { name: 'shop.pay', input: z.string(), output: z.boolean() },
 *   async (order, { once }) => (await once(`payment/${order}`, () => 'paid')).repeated,
 * );
 * const effects = effectLedger();
 * console.log(await runTask(pay, '4711', { effects }), await runTask(pay, '4711', { effects })); // false true
 * ```
 */
export function effectLedger(): EffectLedger {
  return memoryAnswers();
}

/**
 * Runs a task with the checks, the soft time limit and the log lines of a worker, and the canvases that it asks for. It is
 * one attempt: what the body throws is thrown unchanged, and not tried again.
 *
 * @throws PerennialError `InvalidInput`, `InvalidOutput` with the path of the fault, also for a canvas with a task that
 *   `options.tasks` does not contain; `UnknownTask` for one with a task of the product
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { defineTask } from './define/index.ts';
 * import { runTask } from './testing/index.ts';
 *
 * const double = defineTask({ name: 'math.double', input: z.number(), output: z.number() }, (n) => 2 * n);
 * console.log(await runTask(double, 21)); // 42
 * ```
 */
export async function runTask<In, Out>(
  task: DefinedTask<string, In, Out>,
  input: NoInfer<In>,
  { tasks = {}, ports, effects, cache, ...options }: RunOptions = {},
): Promise<Out> {
  return withActivities({ ...tasks, [task.name]: task }, { ports, effects, cache }, (activities) =>
    // `never`, because the catalogue does not have the name; the schemas that the shell checks with have the types.
    runTaskInline(activities, task.name as never, input as never, options),
  );
}

/**
 * Runs a canvas over tasks of the application: one call after the other, callbacks and compensations included. Time counts
 * for nothing: delays, expiry and limits are ignored, and a failed call is not tried again.
 *
 * @param tasks - exports of the modules with the tasks that it calls
 * @throws PerennialError `InvalidInput` with the path of the fault for an invalid canvas; else what the failed call throws
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { chain, task } from './canvas/index.ts';
 * import { defineTask } from './define/index.ts';
 * import { runCanvas } from './testing/index.ts';
 *
 * const double = defineTask(
 *   { name: 'math.double', parameters: ['n'], input: z.object({ n: z.number() }), output: z.number() },
 *   ({ n }) => 2 * n,
 * );
 * const twice = chain(task(double).si({ n: 1 }), task(double).into('n', {}));
 * console.log(await runCanvas(twice, { double })); // 4
 * ```
 */
export async function runCanvas<Out>(
  canvas: TypedSignature<never, Out>,
  tasks: Readonly<Record<string, unknown>>,
  { args, kwargs, ports, effects, cache, ...options }: InlineOptions & CanvasGiven & Given = {},
): Promise<Out> {
  const result = await withActivities(tasks, { ports, effects, cache }, (activities) => {
    const signature = parseSignature(canvas, {
      knowsTask: (name) => findTask(name) !== undefined,
      knowsQueue: isQueue,
      knowsPipeline: isCanvasPipeline,
    });
    return runCanvasInline(activities, signature, { args, kwargs }, options);
  });
  // `as` is safe: the types of the canvas follow from those of its tasks.
  return result as Out;
}

/** What bodies use besides their input. */
type Given = Pick<RunOptions, 'ports' | 'effects' | 'cache'>;

/** Runs that are under way. Their tasks leave the register with the last one, because another may use the same ones. */
let running = 0;
const additions: (() => void)[] = [];

/** Does some work with the tasks among the exports of modules in the register of the process. */
async function withActivities<T>(
  exports: Readonly<Record<string, unknown>>,
  { ports, effects = memoryAnswers(), cache = createMemoryCache() }: Given,
  work: (activities: Activities) => Promise<T>,
): Promise<T> {
  running += 1;
  try {
    additions.push(registerTasks(exports));
    const tasks = Object.values(exports).filter(isDefinedTask);
    return await work(
      Object.fromEntries(tasks.map((task) => [task.name, activityOf(task, { ports, effects, cache })])),
    );
  } finally {
    running -= 1;
    if (running === 0) for (const remove of additions.splice(0).reverse()) remove();
  }
}

/** What the tasks of a run share. */
export interface Kept extends Given {
  readonly effects: EffectLedger;
  readonly cache: MemoryCache;
}

/** Returns a task as an activity, with what a test gives it. */
export function activityOf(
  task: AnyDefinedTask,
  { ports, effects, cache }: Kept,
  log: ShellOptions['log'] = () => {
    throw new TypeError(`${task.name}: expected the log of the run, a worker's was asked for`);
  },
): Activity {
  const body: TaskBody<unknown, unknown> = async (input, context) =>
    task.body(input, context, providedOf(task.ports, ports));
  return shell(task, task.schemas, body, { log, once: effects, cache });
}
