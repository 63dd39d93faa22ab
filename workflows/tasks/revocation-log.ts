/** Logs runs that end as revoked. */
import { ActivityFailure, log, workflowInfo } from '@temporalio/workflow';
import { failureOf } from '../failures.ts';
import { taskOfRun } from './search-attributes.ts';

/**
 * Logs a run that expired, or that was revoked before any attempt of it began. Of an attempt that was under way the worker
 * says that it was terminated, so that a revocation is one line.
 */
export function logRevocation(error: unknown): void {
  if (wasTerminated(error)) return;
  const { workflowId, workflowType } = workflowInfo();
  log.warn('task revoked', {
    task_id: workflowId,
    task_name: taskOfRun() ?? workflowType,
    state: 'REVOKED',
    reason: failureOf(error).type === 'TaskExpired' ? 'expired' : 'revoked',
  });
}

/** Whether a worker was at an attempt: it has signed the end of it. */
function wasTerminated(error: unknown): boolean {
  return error instanceof ActivityFailure && error.identity !== undefined && error.identity !== '';
}
