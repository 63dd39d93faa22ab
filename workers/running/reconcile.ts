/** Closes, at the start of a worker, the rows of runs that ended while no worker was running. */
import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { housekeepingWorkflowId } from '../../contracts/housekeeping/vocabulary.ts';
import { indexedAs } from '../../client/connection/search-attributes.ts';
import { queues } from '../../contracts/queues/names.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import { SYSTEM_TAG } from '../../contracts/tasks/calls.ts';
import type { Logger } from '../../observability/logger.ts';

/**
 * Starts the comparison of rows with runs; workers that start together share one. When the server is away, only the log
 * reports it.
 */
export async function reconcileAtStart(
  connection: NativeConnection,
  namespace: string,
  logger: Pick<Logger, 'warn'>,
): Promise<void> {
  const workflowId = housekeepingWorkflowId('reconcileRuns', 'at-start');
  try {
    await new Client({ connection, namespace }).workflow.start(taskWorkflows.runTask, {
      workflowId,
      taskQueue: queues.workflows,
      args: ['housekeeping.reconcileRuns', {}],
      typedSearchAttributes: indexedAs({ task: 'housekeeping.reconcileRuns', root: workflowId, tags: [SYSTEM_TAG] }),
      staticSummary: 'housekeeping.reconcileRuns, at the start of a worker',
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  } catch (error) {
    logger.warn({ err: error }, 'rows could not be compared with runs; the schedule will do it');
  }
}
