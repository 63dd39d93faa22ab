/** Loads an application: its configuration, tasks, schedules, queues, and the files of its workflows. */
import path from 'node:path';
import {
  DEFAULT_CANVASES,
  DEFAULT_ROUTES,
  DEFAULT_SCHEDULES,
  DEFAULT_TASKS,
  DEFAULT_WORKFLOWS,
} from '../define/config.ts';
import { isDefinedCanvas } from '../define/canvas.ts';
import type { NamedCanvas } from '../contracts/canvas/named.ts';
import type { Hooks } from '../define/hooks.ts';
import { type DefinedRoute, isDefinedRoute } from '../define/route.ts';
import { type DefinedSchedule, isDefinedSchedule } from '../define/schedule.ts';
import { type AnyDefinedTask, isDefinedTask } from '../define/task.ts';
import type { PluggableDomain } from '../contracts/pluggable.ts';
import type { NewSchedule } from '../contracts/schedules/vocabulary.ts';
import type { FleetRow } from '../contracts/queues/fleets.ts';
import type { QueueRow } from '../contracts/queues/table.ts';
import type { BuiltApplication } from './built.ts';
import { loadConfig, type LoadedConfig } from './config.ts';
import { type ApplicationFault, InvalidApplication } from './faults.ts';
import { configIn } from './find.ts';
import { fleetRows } from './fleets.ts';
import { canvasCheck, type Check, type Exported, routeCheck, scheduleCheck, taskCheck } from './checks.ts';
import { isOfOtherVersion } from './kinds.ts';
import { pluginParts } from './plugins.ts';
import { portFaults, portsOf } from './ports.ts';
import { queueRows } from './queues.ts';
import { filesOf, type LoadedModule, loadModules, type ModuleFiles } from './modules.ts';

/** What an application adds to the product. */
export interface Application {
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly files: ModuleFiles;
  readonly tasks: readonly AnyDefinedTask[];
  readonly schedules: readonly NewSchedule[];
  readonly canvases: readonly NamedCanvas[];
  readonly queues: readonly QueueRow[];
  readonly fleets: readonly FleetRow[];
  /** Absolute paths of the modules with its workflows. */
  readonly workflows: readonly string[];
  /** Absolute path of the bundle with its workflows and the rows of its tasks; absent when it was not built. */
  readonly bundle?: string | undefined;
  readonly routes: readonly DefinedRoute[];
  readonly hooks: readonly Hooks[];
  /** Domains of the product that are plug-ins, those that it has. */
  readonly domains: readonly PluggableDomain[];
}

/** How {@link loadApplication} goes about it. */
export interface LoadOptions {
  /** Receives the faults of tasks and schedules, which are then left out; without it they are thrown. */
  readonly report?: ((faults: InvalidApplication) => void) | undefined;
  /** What was built of it, which is loaded in place of the sources. */
  readonly built?: BuiltApplication | undefined;
}

/**
 * Loads the application of a folder.
 *
 * @throws InvalidApplication with every fault; always for a faulty configuration
 */
export async function loadApplication(folder: string, { report, built }: LoadOptions = {}): Promise<Application> {
  const faults: ApplicationFault[] = [];
  const { root, config, files, bundle } =
    built === undefined ? await sourcesIn(folder, faults) : await builtParts(built);
  const load = (names: readonly string[]): Promise<readonly LoadedModule[]> => loadModules(root, names, faults);
  const taskModules = await load(files.tasks);
  const canvasModules = await load(files.canvases);
  const scheduleModules = await load(files.schedules);
  const routeModules = await load(files.routes);
  const plugged = pluginParts(config.plugins ?? [], faults);
  const wrong: ApplicationFault[] = [];
  const queues = queueRows([{ of: 'queues', queues: config.queues ?? {} }, ...plugged.queues], wrong);
  const fleets = fleetRows(config.fleets ?? {}, queues, wrong);
  if (wrong.length > 0) throw new InvalidApplication([...faults, ...wrong]);
  const ownTasks = exportsOf(taskModules, TASKS, faults);
  const tasks = sound([...ownTasks, ...plugged.tasks], taskCheck(queues), faults);
  const routes = sound([...exportsOf(routeModules, ROUTES, faults), ...plugged.routes], routeCheck(), faults);
  faults.push(...portFaults(portsOf([...tasks, ...routes].map(({ value }) => value))));
  const canvases = sound([...exportsOf(canvasModules, CANVASES, faults), ...plugged.canvases], canvasCheck(), faults);
  const ownSchedules = exportsOf(scheduleModules, SCHEDULES, faults);
  const schedules = sound([...ownSchedules, ...plugged.schedules], scheduleCheck(), faults);
  if (faults.length > 0) tell(new InvalidApplication(faults), report);
  return {
    folder,
    files,
    tasks: tasks.map(({ value }) => value),
    schedules: schedules.map(({ value: { kind: _kind, ...schedule } }) => schedule),
    canvases: canvases.map(({ value }) => value),
    queues,
    fleets,
    workflows: [...files.workflows.map((name) => path.join(root, name)), ...plugged.workflows],
    routes: routes.map(({ value }) => value),
    hooks: [...(config.hooks ?? []), ...plugged.hooks],
    domains: plugged.domains,
    bundle,
  };
}

/** Where the parts of an application are. */
interface Parts {
  /** Folder of its modules. */
  readonly root: string;
  readonly config: LoadedConfig;
  readonly files: ModuleFiles;
  readonly bundle?: string;
}

async function sourcesIn(folder: string, faults: ApplicationFault[]): Promise<Parts> {
  const name = configIn(folder);
  const config = await loadConfig(path.join(folder, name));
  return { root: folder, config, files: { config: name, ...(await filesFor(folder, config, faults)) } };
}

async function builtParts({ folder, files, bundle }: BuiltApplication): Promise<Parts> {
  const config = await loadConfig(path.join(folder, files.config));
  return { root: folder, config, files, bundle: path.join(folder, bundle) };
}

/** Returns the modules that a configuration names. */
async function filesFor(
  folder: string,
  config: LoadedConfig,
  faults: ApplicationFault[],
): Promise<Omit<ModuleFiles, 'config'>> {
  return {
    tasks: await wanted(folder, config.tasks, DEFAULT_TASKS, faults),
    canvases: await wanted(folder, config.canvases, DEFAULT_CANVASES, faults),
    schedules: await wanted(folder, config.schedules, DEFAULT_SCHEDULES, faults),
    routes: await wanted(folder, config.routes, DEFAULT_ROUTES, faults),
    workflows: await wanted(folder, config.workflows, DEFAULT_WORKFLOWS, faults),
    data: await wanted(folder, config.files, [], faults),
  };
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
        expected: `a pattern that finds files in ${folder}`,
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
const CANVASES: Kind<NamedCanvas> = { is: isDefinedCanvas, text: 'a canvas of defineCanvas' };
const ROUTES: Kind<DefinedRoute> = { is: isDefinedRoute, text: 'a route of defineRoute' };
const SCHEDULES: Kind<DefinedSchedule> = { is: isDefinedSchedule, text: 'a schedule of defineSchedule' };

function exportsOf<T>(
  modules: readonly LoadedModule[],
  { is, text }: Kind<T>,
  faults: ApplicationFault[],
): readonly Exported<T>[] {
  return modules.flatMap(({ file, exports }) => {
    // One value may be exported under two names.
    const values = [...new Set(Object.values(exports))];
    const found = values.filter(is);
    if (found.length === 0 && values.some(isOfOtherVersion))
      faults.push({
        field: file,
        expected: `${text} of this version of Perennial`,
        got: 'one of another version',
        remedy:
          'Import it from the package that runs the application; `npm ls @perennialjs/perennial` tells which are there.',
      });
    else if (found.length === 0)
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
