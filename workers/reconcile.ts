/** Closes, at the start of a worker, the rows of runs that ended while no worker was running. */
import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { housekeepingWorkflowId } from '../contracts/housekeeping/vocabulary.ts';
import { queues } from '../contracts/queues/names.ts';
import { taskWorkflows } from '../contracts/tasks/definition.ts';
import type { Logger } from '../observability/logger.ts';

/**
 * Starts the comparison of rows with runs; workers that start together share one. When the server is away, only the log
 * reports it.
 */
export async function reconcileAtStart(
  connection: NativeConnection,
  namespace: string,
  logger: Pick<Logger, 'warn'>,
): Promise<void> {
  try {
    await new Client({ connection, namespace }).workflow.start(taskWorkflows.runTask, {
      workflowId: housekeepingWorkflowId('reconcileRuns', 'at-start'),
      taskQueue: queues.workflows,
      args: ['housekeeping.reconcileRuns', {}],
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  } catch (error) {
    logger.warn({ err: error }, 'rows could not be compared with runs; the schedule will do it');
  }
}
