/** Calls the hooks of an application before and after each attempt. */
import { TimeIsUp, withinLimit } from '../../../contracts/values/within-limit.ts';
import type { Call, Layer } from '../layer.ts';
import type { EndedTaskEvent, TaskEvent, TaskHooks } from '../task-hooks.ts';
import { type End, endOf } from './ends.ts';

/** Longest time that a task waits for a hook, in milliseconds. */
export const HOOK_LIMIT_MS = 5_000;

/** Creates the layer. It lies outside of the classification, so that hooks see the failure that the server receives. */
export function hooks(all: readonly TaskHooks[]): Layer {
  if (all.length === 0) return (call, next) => next(call);
  return async (call, next) => {
    const startedAt = performance.now();
    const event = eventOf(call);
    const ended = (): EndedTaskEvent => ({ ...event, durationMs: Math.round(performance.now() - startedAt) });
    await tell(call, all, 'taskStarted', (one) => one.taskStarted?.(event));
    try {
      const output = await next(call);
      await tell(call, all, 'taskSucceeded', (one) => one.taskSucceeded?.({ ...ended(), output }));
      return output;
    } catch (error) {
      const end = endOf(error, call);
      const failed = { ...ended(), error };
      await tell(call, all, NAMES[end], (one) => one[NAMES[end]]?.(failed));
      throw error;
    }
  };
}

const NAMES = {
  retried: 'taskRetried',
  failed: 'taskFailed',
  revoked: 'taskRevoked',
} as const satisfies Readonly<Record<End, keyof TaskHooks>>;

async function tell(
  { log }: Call,
  all: readonly TaskHooks[],
  name: keyof TaskHooks,
  call: (hooks: TaskHooks) => void | Promise<void>,
): Promise<void> {
  for (const one of all) {
    const fault = await faultOf(async () => call(one));
    if (fault !== undefined) log.warn(`the hook ${name} ${fault}; the task is not affected`);
  }
}

/**
 * Runs a hook and returns what is wrong with it. Messages of errors may hold contents, so only their names are told.
 */
export async function faultOf(hook: () => Promise<void>): Promise<string | undefined> {
  try {
    await withinLimit(hook, HOOK_LIMIT_MS);
    return undefined;
  } catch (error) {
    if (error instanceof TimeIsUp) return `did not end within ${HOOK_LIMIT_MS} ms`;
    return `failed with ${error instanceof Error ? error.name : typeof error}`;
  }
}

function eventOf({ task, attempt, facts, input }: Call): TaskEvent {
  return {
    task: task.name,
    taskId: attempt.taskId,
    workflowId: attempt.workflowId ?? attempt.taskId,
    attempt: attempt.attempt,
    queue: attempt.queue,
    tenant: facts.tenant,
    headers: facts.headers,
    input,
  };
}
