/** Plug-ins: parts of an application that travel as packages. */
import type { NamedCanvas } from '../contracts/canvas/named.ts';
import type { Hooks } from './hooks.ts';
import type { QueueOptions } from './queue.ts';
import type { DefinedRoute } from './route.ts';
import type { DefinedSchedule } from './schedule.ts';
import type { PluginTask } from './task.ts';

/** Marks what {@link definePlugin} makes; the number rises when plug-ins made before can no longer be used. */
export const PLUGIN_KIND = 'perennial.plugin/1';

/** What a plug-in adds to an application. */
export interface PluginOptions {
  /** One word, by which faults and `perennial check` name it. */
  readonly name: string;
  /** Names of plug-ins that it cannot do without. @defaultValue none */
  readonly requires?: readonly string[] | undefined;
  /** Tasks of `defineTask`. @defaultValue none */
  readonly tasks?: readonly PluginTask[] | undefined;
  /** Absolute paths or `file:` URLs of modules that export workflows. @defaultValue none */
  readonly workflows?: readonly (string | URL)[] | undefined;
  /** Schedules of `defineSchedule`. @defaultValue none */
  readonly schedules?: readonly DefinedSchedule[] | undefined;
  /** Canvases of `defineCanvas`. @defaultValue none */
  readonly canvases?: readonly NamedCanvas[] | undefined;
  /** Routes of `defineRoute`. @defaultValue none */
  readonly routes?: readonly DefinedRoute[] | undefined;
  /** What it does when tasks and workers start and end. @defaultValue nothing */
  readonly hooks?: Hooks | undefined;
  /** Queues of its own, by name. @defaultValue none */
  readonly queues?: Readonly<Record<string, QueueOptions>> | undefined;
}

/** A plug-in that a configuration names. */
export interface Plugin extends PluginOptions {
  readonly kind: typeof PLUGIN_KIND;
  /** Set for a domain of the product, which has places of its own in every layer. */
  readonly domain?: string | undefined;
}

/**
 * Defines a plug-in. An application names it under `plugins`; what it adds counts as if the application had it itself.
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { definePlugin, defineTask, type Plugin } from './define/index.ts';
 *
 * export function greetings({ word = 'Hello' } = {}): Plugin {
 *   const greet = defineTask(
 *     { name: 'greetings.greet', input: z.object({ name: z.string() }), output: z.string() },
 *     ({ name }) => `${word}, ${name}!`,
 *   );
 *   return definePlugin({ name: 'greetings', tasks: [greet] });
 * }
 * ```
 */
export function definePlugin(options: PluginOptions): Plugin {
  return { ...options, kind: PLUGIN_KIND };
}

/** Tells whether a value is a plug-in that this version can use. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === PLUGIN_KIND;
}
