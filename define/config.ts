/** What `perennial.config.ts` says about an application. */
import type { QueueRow } from '../contracts/queues/table.ts';

/** Where the modules of an application are unless it says otherwise. */
export const DEFAULT_TASKS = ['tasks/**/*.{ts,mts,js,mjs}'];
export const DEFAULT_WORKFLOWS = ['workflows/**/*.{ts,js}'];
export const DEFAULT_SCHEDULES = ['schedules/**/*.{ts,mts,js,mjs}'];

/** How the workers of an application serve one of its queues. */
export type QueueOptions = Partial<Pick<QueueRow, 'priority' | 'slots' | 'rate' | 'purpose'>>;

/** An application. Patterns are relative to the folder of `perennial.config.ts`. */
export interface ApplicationConfig {
  /** Modules that export tasks of `defineTask`. @defaultValue every module under `tasks/` */
  readonly tasks?: readonly string[] | undefined;
  /** Modules that export workflows. @defaultValue every module under `workflows/` */
  readonly workflows?: readonly string[] | undefined;
  /** Modules that export schedules of `defineSchedule`. @defaultValue every module under `schedules/` */
  readonly schedules?: readonly string[] | undefined;
  /** Queues of its own, by name. @defaultValue none */
  readonly queues?: Readonly<Record<string, QueueOptions>> | undefined;
}

/**
 * Checks the types of a configuration and returns it.
 *
 * @example
 * ```ts
 * export default defineConfig({ tasks: ['./jobs/*.ts'], queues: { 'media.video': { slots: 2 } } });
 * ```
 */
export function defineConfig(config: ApplicationConfig): ApplicationConfig {
  return config;
}
