import type { DeadLetter } from '../contracts/dlq/schema.ts';
import type { TaskHooks } from '../activities/shell/task-hooks.ts';

/** A worker process that a hook is called for. */
export interface WorkerEvent {
  /** Name of the fleet: `all`, or another of the product or of the application. */
  readonly fleet: string;
}

/**
 * What an application does when tasks and workers start and end. Each hook runs in the worker; it is waited for, 5 s at
 * most, and what it throws is only logged.
 *
 * @example
 * ```ts
 * import { defineConfig, type Hooks } from './define/index.ts';
 *
 * const hooks: Hooks = {
 *   taskFailed: ({ task, taskId, attempt }) => console.error(`${task} ${taskId} failed after ${attempt} attempts`),
 * };
 * export default defineConfig({ hooks: [hooks] });
 * ```
 */
export interface Hooks extends TaskHooks {
  /**
   * A task has failed for good, for a failure alert. Its arguments are redacted. It is called in one worker, 15 s at most;
   * when it throws it is called again later, ten times at most, and after the death of a worker it may be called twice.
   */
  deadLettered?(letter: DeadLetter): void | Promise<void>;
  /** The worker serves its queues, as Celery's `worker_ready`. */
  workerReady?(worker: WorkerEvent): void | Promise<void>;
  /** The worker has ended its work, as `worker_shutdown`. A worker that is killed does not call it. */
  workerStopped?(worker: WorkerEvent): void | Promise<void>;
}
