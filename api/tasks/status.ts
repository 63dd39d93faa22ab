/** Reads where a task stands, at once or when it has ended. */
import type { TaskHandle, TaskInfo } from '../../client/index.ts';

/**
 * Returns where a task stands once it has ended, but at the latest after the wait.
 *
 * @param seconds - 0 does not wait
 * @throws NotFound, Unavailable
 */
export async function statusSoon(task: TaskHandle<unknown>, seconds: number, signal: AbortSignal): Promise<TaskInfo> {
  // However the wait ends, the status says it: with a result, a failure, or a task that still runs.
  if (seconds > 0) await task.result({ timeoutMs: seconds * 1000, signal }).catch(() => undefined);
  return task.status();
}
