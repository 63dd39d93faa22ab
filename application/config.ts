/** The configuration of an application: its module and its schema. */
import path from 'node:path';
import { z } from 'zod';
import { LANGUAGES } from '../contracts/queues/languages.ts';
import { fieldFaults } from '../contracts/values/field-faults.ts';
import { MINUTE_MS } from '../contracts/values/units.ts';
import type { Hooks } from '../define/hooks.ts';
import { isPlugin, type Plugin } from '../define/plugin.ts';
import { type ApplicationFault, InvalidApplication } from './faults.ts';
import { isOfOtherVersion } from './kinds.ts';
import { loadModules } from './modules.ts';

const patterns = z.array(z.string().min(1)).optional();

const rate = z.strictObject({
  count: z.number().positive(),
  perMs: z
    .number()
    .min(1)
    .max(60 * MINUTE_MS),
});

const slots = z.union([z.literal('cores'), z.int().min(1).max(1000)]).optional();

const queues = z
  .record(
    z.string(),
    z.strictObject({
      priority: z.int().min(1).max(10).optional(),
      slots,
      rate: rate.optional(),
      purpose: z.string().optional(),
      language: z.enum(LANGUAGES).optional(),
    }),
  )
  .optional();

const fleets = z
  .record(
    z.string(),
    z.strictObject({
      queues: z.array(z.string()).min(1),
      slots,
      processes: z.int().min(1).max(1000).optional(),
      purpose: z.string().optional(),
    }),
  )
  .optional();

const configSchema = z.strictObject({
  tasks: patterns,
  workflows: patterns,
  schedules: patterns,
  canvases: patterns,
  routes: patterns,
  files: patterns,
  queues,
  fleets,
  hooks: z.array(z.custom<Hooks>(isHooks, { error: 'hooks: functions by the names of Hooks' })).optional(),
  plugins: z.array(z.custom<Plugin>(isPlugin, { error: pluginExpected })).optional(),
});

const HOOKS = {
  taskStarted: true,
  taskSucceeded: true,
  taskRetried: true,
  taskFailed: true,
  taskRevoked: true,
  deadLettered: true,
  workerReady: true,
  workerStopped: true,
} as const satisfies Readonly<Record<keyof Hooks, true>>;

/** Tells whether a value has hooks only; a name that is written wrongly would never be called. */
export function isHooks(value: unknown): value is Hooks {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([name, hook]) => Object.hasOwn(HOOKS, name) && typeof hook === 'function');
}

function pluginExpected({ input }: { readonly input?: unknown }): string {
  return isOfOtherVersion(input)
    ? 'a plug-in made by this version of Perennial, got one of another; install versions that fit'
    : 'a plug-in, such as documents() or one of definePlugin';
}

/** The checked configuration of an application. */
export type LoadedConfig = z.output<typeof configSchema>;

/** Loads the module of a configuration. @throws InvalidApplication with every fault */
export async function loadConfig(file: string): Promise<LoadedConfig> {
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
