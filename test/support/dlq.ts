/** Runs that failed, as they are read from a server. */
import type { FailedRun } from '../../client/dlq/failed-runs.ts';

/** A single task that failed for good after four attempts. */
export function failedRun(
  taskId: string,
  { input, message = 'no answer' }: { readonly input?: unknown; readonly message?: string } = {},
): FailedRun {
  return {
    ...{ workflow: 'runTask', workflowId: taskId, runId: 'r', closedAt: new Date(0), tenant: 'acme', priority: 3 },
    steps: [
      {
        ...{ taskId, taskName: 'shop.pay', input, stepPath: 'shop.pay', attempts: 4, queue: 'shop' },
        ...{ type: 'BackendUnavailable', message, traceback: '    at pay (shop.ts:1:1)' },
      },
    ],
  };
}
