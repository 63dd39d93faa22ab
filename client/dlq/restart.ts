/** Starts failed runs again. */
import { WorkflowExecutionAlreadyStartedError, type WorkflowExecutionDescription } from '@temporalio/client';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import { progressOf } from '../canvas/progress.ts';
import { describe } from '../canvas/queries.ts';
import { retryFailed } from '../canvas/retry.ts';
import type { ClientContext } from '../domain.ts';
import type { Rpc } from '../connection/rpc.ts';
import { readStart } from '../connection/run-start.ts';
import { retryTask } from '../tasks/retry.ts';

/** A run by its two ids. */
export interface FailedRunId {
  readonly workflow: string;
  readonly workflowId: string;
  readonly runId: string;
}

/**
 * Starts a run again, a single task with another input where the record has one.
 *
 * @returns the id of the run that repeats it
 */
export async function restart(
  { rpc, gate }: Pick<ClientContext, 'rpc' | 'gate'>,
  { workflow, workflowId, runId }: FailedRunId,
  input: { readonly input?: unknown },
): Promise<string> {
  if (workflow === taskWorkflows.runTask || 'input' in input) return retryTask(rpc, gate, workflowId, input);
  if (workflow === canvasWorkflows.runCanvas) return (await retryFailed(rpc, workflowId)).id;
  return startAnew(rpc, await describe(rpc, workflowId), runId);
}

/**
 * Starts a pipeline again under its own id, because its rows and files belong to the id: what it has done, it finds by
 * its keys and does not do twice.
 */
async function startAnew(rpc: Rpc, description: WorkflowExecutionDescription, runId: string): Promise<string> {
  const { workflowId, taskQueue, memo, typedSearchAttributes, staticSummary } = description;
  if (description.runId !== runId) return workflowId; // somebody has started it again since
  const { workflow, args, priority } = await readStart(rpc, workflowId, runId);
  const summary = (await staticSummary()) ?? workflow;
  try {
    await rpc.call(workflowId, (client) =>
      client.workflow.start(workflow, {
        workflowId,
        taskQueue,
        args: [...args],
        priority,
        ...(memo === undefined ? {} : { memo }),
        typedSearchAttributes,
        staticSummary: summary,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        workflowIdConflictPolicy: 'FAIL',
      }),
    );
  } catch (error) {
    // Somebody has started it since, and it goes on or has succeeded.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return workflowId;
}

/** How many steps of a run a redrive keeps and repeats. */
export interface Steps {
  readonly kept: number;
  readonly again: number;
}

/** Counts the steps of a run; a run other than a canvas is one step. */
export async function stepsOf(rpc: Rpc, { workflow, workflowId }: FailedRunId): Promise<Steps> {
  if (workflow !== canvasWorkflows.runCanvas) return { kept: 0, again: 1 };
  const { succeeded, failed, revoked, skipped } = await progressOf(rpc, workflowId);
  return { kept: succeeded, again: failed + revoked + skipped };
}
