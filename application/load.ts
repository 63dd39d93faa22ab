/** Loads an application: its configuration, tasks, schedules, queues, and the files of its workflows. */
import path from 'node:path';
import { z } from 'zod';
import { DEFAULT_SCHEDULES, DEFAULT_TASKS, DEFAULT_WORKFLOWS } from '../define/config.ts';
import { type DefinedSchedule, isDefinedSchedule } from '../define/schedule.ts';
import { type AnyDefinedTask, isDefinedTask } from '../define/task.ts';
import { PRIORITY_NORMAL } from '../contracts/queues/priorities.ts';
import type { NewSchedule } from '../contracts/schedules/vocabulary.ts';
import type { QueueRow } from '../contracts/queues/table.ts';
import { MINUTE_MS } from '../contracts/values/units.ts';
import { fieldFaults } from '../contracts/values/field-faults.ts';
import { type ApplicationFault, InvalidApplication } from './faults.ts';
import { configIn } from './find.ts';
import { type Check, type Exported, queueFaults, scheduleCheck, taskCheck } from './checks.ts';
import { filesOf, type LoadedModule, loadModules } from './modules.ts';

/** What an application adds to the product. */
export interface Application {
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly tasks: readonly AnyDefinedTask[];
  readonly schedules: readonly NewSchedule[];
  readonly queues: readonly QueueRow[];
  /** Absolute paths of the modules with its workflows. */
  readonly workflows: readonly string[];
}

const patterns = z.array(z.string().min(1)).optional();

const configSchema = z.strictObject({
  tasks: patterns,
  workflows: patterns,
  schedules: patterns,
  queues: z
    .record(
      z.string(),
      z.strictObject({
        priority: z.int().min(1).max(10).optional(),
        slots: z.union([z.literal('cores'), z.int().min(1).max(1000)]).optional(),
        rate: z
          .strictObject({
            count: z.number().positive(),
            perMs: z
              .number()
              .min(1)
              .max(60 * MINUTE_MS),
          })
          .optional(),
        purpose: z.string().optional(),
      }),
    )
    .optional(),
});

/**
 * Loads the application of a folder.
 *
 * @param report - receives the faults of tasks and schedules, which are then left out; without it they are thrown
 * @throws InvalidApplication with every fault; always for a faulty configuration
 */
export async function loadApplication(
  folder: string,
  report?: (faults: InvalidApplication) => void,
): Promise<Application> {
  const config = await loadConfig(configIn(folder));
  const faults: ApplicationFault[] = [];
  const load = async (
    given: readonly string[] | undefined,
    usual: readonly string[],
  ): Promise<readonly LoadedModule[]> => loadModules(folder, await wanted(folder, given, usual, faults), faults);
  const taskModules = await load(config.tasks, DEFAULT_TASKS);
  const scheduleModules = await load(config.schedules, DEFAULT_SCHEDULES);
  const workflows = await wanted(folder, config.workflows, DEFAULT_WORKFLOWS, faults);
  const queues = Object.entries(config.queues ?? {}).map(([queue, options]): QueueRow => ({
    queue,
    priority: options.priority ?? PRIORITY_NORMAL,
    slots: options.slots ?? USUAL_SLOTS,
    purpose: options.purpose ?? '',
    ...(options.rate === undefined ? {} : { rate: options.rate }),
  }));
  const wrong = queueFaults(queues);
  if (wrong.length > 0) throw new InvalidApplication([...faults, ...wrong]);
  const tasks = sound(exportsOf(taskModules, TASKS, faults), taskCheck(queues), faults);
  const schedules = sound(exportsOf(scheduleModules, SCHEDULES, faults), scheduleCheck(), faults);
  if (faults.length > 0) tell(new InvalidApplication(faults), report);
  return {
    folder,
    tasks: tasks.map(({ value }) => value),
    schedules: schedules.map(({ value: { kind: _kind, ...schedule } }) => schedule),
    queues,
    workflows: workflows.map((name) => path.join(folder, name)),
  };
}

/** Activities that a worker runs at once from a queue that does not say it: most work waits for other machines. */
const USUAL_SLOTS = 20;

async function loadConfig(file: string): Promise<z.output<typeof configSchema>> {
  const name = path.basename(file);
  const faults: ApplicationFault[] = [];
  const [loaded] = await loadModules(path.dirname(file), [name], faults);
  if (loaded === undefined) throw new InvalidApplication(faults);
  const config = loaded.exports['default'];
  const parsed = configSchema.safeParse(config);
  if (parsed.success) return parsed.data;
  const remedy = 'See ApplicationConfig; the module exports it as default: `export default defineConfig({ … })`.';
  throw new InvalidApplication(
    fieldFaults(parsed.error.issues, config, { at: `${name}: default` }).map((fault) => ({ ...fault, remedy })),
  );
}

/** Returns the files of patterns. A pattern that the application gives itself must find something. */
async function wanted(
  folder: string,
  given: readonly string[] | undefined,
  usual: readonly string[],
  faults: ApplicationFault[],
): Promise<readonly string[]> {
  if (given === undefined) return filesOf(folder, usual);
  const found = await Promise.all(given.map(async (pattern) => ({ pattern, files: await filesOf(folder, [pattern]) })));
  for (const { pattern, files } of found)
    if (files.length === 0)
      faults.push({
        field: pattern,
        expected: `a pattern that finds modules in ${folder}`,
        got: 'none',
        remedy: 'Mend the pattern in the configuration, or delete it.',
      });
  return [...new Set(found.flatMap(({ files }) => files))].sort();
}

/** What the modules of a pattern export. */
interface Kind<T> {
  readonly is: (value: unknown) => value is T;
  readonly text: string;
}

const TASKS: Kind<AnyDefinedTask> = { is: isDefinedTask, text: 'a task of defineTask' };
const SCHEDULES: Kind<DefinedSchedule> = { is: isDefinedSchedule, text: 'a schedule of defineSchedule' };

function exportsOf<T>(
  modules: readonly LoadedModule[],
  { is, text }: Kind<T>,
  faults: ApplicationFault[],
): readonly Exported<T>[] {
  return modules.flatMap(({ file, exports }) => {
    // One value may be exported under two names.
    const found = [...new Set(Object.values(exports))].filter(is);
    if (found.length === 0)
      faults.push({
        field: file,
        expected: `a module that exports ${text}`,
        got: Object.keys(exports).join(', ') || 'no exports',
        remedy: 'Export it, or narrow the pattern in the configuration so that it leaves the module out.',
      });
    return found.map((value) => ({ file, value }));
  });
}

/** Returns what has no fault. */
function sound<T>(values: readonly Exported<T>[], check: Check<T>, faults: ApplicationFault[]): readonly Exported<T>[] {
  return values.filter((exported) => {
    const found = check(exported);
    faults.push(...found);
    return found.length === 0;
  });
}

function tell(invalid: InvalidApplication, report?: (faults: InvalidApplication) => void): void {
  if (report === undefined) throw invalid;
  report(invalid);
}
