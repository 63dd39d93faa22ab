/** What an application defines: its tasks, its schedules, and where they are. */
export { defineConfig, type ApplicationConfig } from './config.ts';
export { ai, billing, data, documents, email, imports, media, messages, reports } from './built-in.ts';
export { definePlugin, type Plugin, type PluginOptions } from './plugin.ts';
export { defineCache, type CacheOptions } from './cache.ts';
export type {
  CacheEntries,
  Cached,
  CacheOf,
  DefinedCache,
  KeepOptions,
  TaskCache,
} from '../contracts/cache/definition.ts';
export { defineCanvas, type CanvasOptions, type DefinedCanvas } from './canvas.ts';
export { defineSchedule, type DefinedSchedule } from './schedule.ts';
export {
  definePort,
  type AnyPort,
  type DefinedPort,
  type OpenPorts,
  type PortOptions,
  type PortTable,
} from './port.ts';
export { defineRoute, type DefinedRoute, type RouteOptions, type RouteRequest } from './route.ts';
export { setting } from './setting.ts';
export type { Hooks, WorkerEvent } from './hooks.ts';
export type { EndedTaskEvent, FailedTaskEvent, TaskEvent, TaskHooks } from '../activities/shell/task-hooks.ts';
export type { FleetOptions } from './fleet.ts';
export type { QueueOptions } from './queue.ts';
export type { InputOfSchema, OutputOfSchema, StandardSchema } from './standard-schema.ts';
export { defineTask, type DefinedTask, type PluginTask, type TaskOptions } from './task.ts';
export { definePythonTask, type PythonTaskOptions } from './python-task.ts';
export type {
  Effect,
  EffectContext,
  Happened,
  Once,
  OnceOptions,
  TaskContext,
  TaskEffects,
} from '../activities/shell/task-body.ts';
export type { BodyLog } from '../activities/shell/attempt-log.ts';
export { defineFailures, type DefinedFailures } from './failures.ts';
export {
  PermanentError,
  RetryableError,
  TaskError,
  TemporaryError,
  type TaskErrorOptions,
} from '../contracts/failures/task-errors.ts';
export { degrade, type Degraded } from '../contracts/failures/degrade.ts';
export { retries } from '../contracts/tasks/retries.ts';
export { retryOfCelery, type CeleryRetryOptions } from '../contracts/tasks/celery-retry.ts';
export type { FailureRetry, RetryDelays, RetryRule } from '../contracts/tasks/retry-rules.ts';
export { PerennialError, type FailureClass, type FailureRule, type FailureType } from '../contracts/failures.ts';
