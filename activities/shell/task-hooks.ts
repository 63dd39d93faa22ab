/** Hooks: what an application does before and after attempts at any task. */

/** The attempt that a hook is called for. */
export interface TaskEvent {
  /** Name of the task. */
  readonly task: string;
  readonly taskId: string;
  /** The workflow that called the task. */
  readonly workflowId: string;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  readonly queue: string;
  readonly tenant?: string | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** As it travels: unchecked, and sealed where it is sealed. */
  readonly input: unknown;
}

/** An attempt that has ended. */
export interface EndedTaskEvent extends TaskEvent {
  readonly durationMs: number;
}

/** An attempt that has failed. */
export interface FailedTaskEvent extends EndedTaskEvent {
  /** Its `message` is for people; `type` is the name of the failure. */
  readonly error: unknown;
}

type Told = void | Promise<void>;

/**
 * Hooks around attempts, for tasks of the product too. They are waited for, 5 s at most, and what they throw is only logged:
 * a hook changes nothing about its task. It runs again when an attempt does.
 */
export interface TaskHooks {
  /** Before the body, as Celery's `task_prerun`. */
  taskStarted?(event: TaskEvent): Told;
  /** As `task_success`. */
  taskSucceeded?(event: EndedTaskEvent & { readonly output: unknown }): Told;
  /** After an attempt that another one follows, as `task_retry`. */
  taskRetried?(event: FailedTaskEvent): Told;
  /** After the last attempt, as `task_failure`. */
  taskFailed?(event: FailedTaskEvent): Told;
  /** As `task_revoked`. */
  taskRevoked?(event: EndedTaskEvent): Told;
}
