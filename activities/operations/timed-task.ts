import { setTimeout as sleep } from 'node:timers/promises';
import type { TimedInput, TimedOutput } from '../../contracts/operations/schema.ts';
import type { TaskBody } from '../shell/task-body.ts';
import type { OperationsPorts } from './ports.ts';

const DEFAULT_WORK_MS = 100;

/**
 * Works for a while in a folder of its own. When the soft limit, a cancellation or the shutdown of the worker aborts
 * its signal, it warns, cleans up and rethrows the error; the folder is removed in every case, so that no attempt
 * leaves files behind.
 */
export function createTimedTask({
  openScratch,
  warn,
}: Pick<OperationsPorts, 'openScratch' | 'warn'>): TaskBody<TimedInput, TimedOutput> {
  return async ({ data }, { signal, workflowId }) => {
    const given = data['work_ms'];
    const workMs = typeof given === 'number' && given >= 0 ? given : DEFAULT_WORK_MS;
    const scratch = await openScratch();
    try {
      await sleep(workMs, undefined, { signal });
      return { status: 'completed', work_ms: workMs };
    } catch (error) {
      warn({ workflow_id: workflowId }, 'the task was asked to stop and cleans up');
      throw error;
    } finally {
      await scratch.close();
    }
  };
}
