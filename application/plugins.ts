/** What the plug-ins of a configuration add, and what is wrong with them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPluggable, type PluggableDomain } from '../contracts/pluggable.ts';
import type { NamedCanvas } from '../contracts/canvas/named.ts';
import { isDefinedCanvas } from '../define/canvas.ts';
import type { Hooks } from '../define/hooks.ts';
import type { Plugin } from '../define/plugin.ts';
import { type DefinedRoute, isDefinedRoute } from '../define/route.ts';
import { type DefinedSchedule, isDefinedSchedule } from '../define/schedule.ts';
import { type AnyDefinedTask, isDefinedTask } from '../define/task.ts';
import type { Exported } from './checks.ts';
import { isHooks } from './config.ts';
import type { ApplicationFault } from './faults.ts';
import { isOfOtherVersion } from './kinds.ts';
import { compiledName } from './modules.ts';
import type { Queues } from './queues.ts';

/** What plug-ins add together. */
export interface PluginParts {
  readonly tasks: readonly Exported<AnyDefinedTask>[];
  readonly schedules: readonly Exported<DefinedSchedule>[];
  readonly queues: readonly Queues[];
  /** Absolute paths of modules with workflows. */
  readonly workflows: readonly string[];
  readonly canvases: readonly Exported<NamedCanvas>[];
  readonly routes: readonly Exported<DefinedRoute>[];
  readonly hooks: readonly Hooks[];
  /** Domains of the product. */
  readonly domains: readonly PluggableDomain[];
}

/** Returns what plug-ins add; what cannot be used becomes a fault. */
export function pluginParts(plugins: readonly Plugin[], faults: ApplicationFault[]): PluginParts {
  faults.push(...setFaults(plugins));
  return {
    tasks: plugins.flatMap((plugin) => valuesOf(plugin, plugin.tasks, TASKS, faults)),
    schedules: plugins.flatMap((plugin) => valuesOf(plugin, plugin.schedules, SCHEDULES, faults)),
    queues: plugins.map((plugin) => ({ of: placeOf(plugin), queues: plugin.queues ?? {} })),
    workflows: plugins.flatMap((plugin) => modulesOf(plugin, faults)),
    canvases: plugins.flatMap((plugin) => valuesOf(plugin, plugin.canvases, CANVASES, faults)),
    routes: plugins.flatMap((plugin) => valuesOf(plugin, plugin.routes, ROUTES, faults)),
    hooks: plugins.flatMap((plugin) => hooksOf(plugin, faults)),
    domains: plugins.flatMap(({ domain }) => (domain !== undefined && isPluggable(domain) ? [domain] : [])),
  };
}

const placeOf = ({ name }: Plugin): string => `plug-in ${name}`;

/** What is wrong with the plug-ins beside each other. */
function setFaults(plugins: readonly Plugin[]): readonly ApplicationFault[] {
  const names = plugins.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...[...new Set(twice)].map((name) => ({
      field: 'plugins',
      expected: 'each plug-in once',
      got: `${name} twice`,
      remedy: 'Delete one of them.',
    })),
    ...plugins.flatMap((plugin) =>
      (plugin.requires ?? [])
        .filter((name) => !names.includes(name))
        .map((name) => ({
          field: placeOf(plugin),
          expected: `the plug-in ${name} beside it`,
          got: names.join(', '),
          remedy: `Add ${isPluggable(name) ? `${name}()` : name} to \`plugins\` in the configuration.`,
        })),
    ),
  ];
}

interface Kind<T> {
  readonly is: (value: unknown) => value is T;
  readonly field: string;
  readonly maker: string;
}

const TASKS: Kind<AnyDefinedTask> = { is: isDefinedTask, field: 'tasks', maker: 'a task of defineTask' };
const SCHEDULES: Kind<DefinedSchedule> = {
  is: isDefinedSchedule,
  field: 'schedules',
  maker: 'a schedule of defineSchedule',
};

const CANVASES: Kind<NamedCanvas> = { is: isDefinedCanvas, field: 'canvases', maker: 'a canvas of defineCanvas' };
const ROUTES: Kind<DefinedRoute> = { is: isDefinedRoute, field: 'routes', maker: 'a route of defineRoute' };

/** A plug-in in JavaScript has no compiler, and one that was made elsewhere may be of another version. */
function valuesOf<T>(
  plugin: Plugin,
  values: readonly unknown[] = [],
  { is, field, maker }: Kind<T>,
  faults: ApplicationFault[],
): readonly Exported<T>[] {
  return values.flatMap((value, index) => {
    if (is(value)) return [{ file: placeOf(plugin), value }];
    const other = isOfOtherVersion(value);
    faults.push({
      field: `${placeOf(plugin)}: ${field}[${String(index)}]`,
      expected: other ? `${maker} of this version of Perennial` : maker,
      got: other ? 'one of another version' : `a ${typeof value}`,
      remedy: 'Install a version of the plug-in that fits, or tell its author.',
    });
    return [];
  });
}

function hooksOf(plugin: Plugin, faults: ApplicationFault[]): readonly Hooks[] {
  if (plugin.hooks === undefined) return [];
  if (isHooks(plugin.hooks)) return [plugin.hooks];
  faults.push({
    field: `${placeOf(plugin)}: hooks`,
    expected: 'functions by the names of Hooks',
    got: Object.keys(plugin.hooks).join(', '),
    remedy: 'Tell the author of the plug-in.',
  });
  return [];
}

function modulesOf(plugin: Plugin, faults: ApplicationFault[]): readonly string[] {
  return (plugin.workflows ?? []).flatMap((given) => {
    const file = given instanceof URL || given.startsWith('file:') ? fileURLToPath(given) : given;
    // Of a built application, the file has another name.
    const found = [file, compiledName(file)].find((name) => path.isAbsolute(name) && existsSync(name));
    if (found !== undefined) return [found];
    faults.push({
      field: `${placeOf(plugin)}: workflows`,
      expected: 'an absolute path or a file: URL of a module that exists',
      got: `'${file}'`,
      remedy: 'Make it with `new URL(import.meta.resolve(…))` or `new URL(…, import.meta.url)`.',
    });
    return [];
  });
}
