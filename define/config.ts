/** What `perennial.config.ts` says about an application. */
import type { FleetOptions } from './fleet.ts';
import type { Hooks } from './hooks.ts';
import type { Plugin } from './plugin.ts';
import type { QueueOptions } from './queue.ts';

/** Where the modules of an application are unless it says otherwise. */
export const DEFAULT_TASKS = ['tasks/**/*.{ts,mts,js,mjs}'];
export const DEFAULT_WORKFLOWS = ['workflows/**/*.{ts,js}'];
export const DEFAULT_CANVASES = ['canvases/**/*.{ts,mts,js,mjs}'];
export const DEFAULT_ROUTES = ['routes/**/*.{ts,mts,js,mjs}'];
export const DEFAULT_SCHEDULES = ['schedules/**/*.{ts,mts,js,mjs}'];

/** An application. Patterns are relative to the folder of `perennial.config.ts`. */
export interface ApplicationConfig {
  /** Modules that export tasks of `defineTask`. @defaultValue every module under `tasks/` */
  readonly tasks?: readonly string[] | undefined;
  /** Modules that export workflows. @defaultValue every module under `workflows/` */
  readonly workflows?: readonly string[] | undefined;
  /** Modules that export schedules of `defineSchedule`. @defaultValue every module under `schedules/` */
  readonly schedules?: readonly string[] | undefined;
  /** Modules that export canvases of `defineCanvas`. @defaultValue every module under `canvases/` */
  readonly canvases?: readonly string[] | undefined;
  /** Modules that export routes of `defineRoute`. @defaultValue every module under `routes/` */
  readonly routes?: readonly string[] | undefined;
  /**
   * Files that modules read, which `perennial build` copies to their places in `dist/`. Those beside a module, and in folders
   * below it, need no pattern, except for modules in the folder of the configuration.
   * @defaultValue none
   */
  readonly files?: readonly string[] | undefined;
  /** Queues of its own, by name. @defaultValue none */
  readonly queues?: Readonly<Record<string, QueueOptions>> | undefined;
  /** Worker processes with queues of their own, by name, beside the fleets of the product. @defaultValue none */
  readonly fleets?: Readonly<Record<string, FleetOptions>> | undefined;
  /**
   * Parts that are made elsewhere: those of the product (`documents()`, `email()`, `imports()`, `reports()`) and those of
   * `definePlugin`.
   * @defaultValue none
   */
  readonly plugins?: readonly Plugin[] | undefined;
  /** What it does when tasks and workers start and end. @defaultValue nothing */
  readonly hooks?: readonly Hooks[] | undefined;
}

/**
 * Checks the types of a configuration and returns it.
 *
 * @example
 * ```ts
 * import { defineConfig } from './define/index.ts';
 *
 * export default defineConfig({ tasks: ['./jobs/*.ts'], queues: { 'media.video': { slots: 2 } } });
 * ```
 */
export function defineConfig(config: ApplicationConfig): ApplicationConfig {
  return config;
}
