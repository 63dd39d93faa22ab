/** The one way in which jobs are started: under a business key, so that a second start of the same job joins the first. */
import { WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { z } from 'zod';
import { queues } from '../../contracts/queues/names.ts';
import type { Rpc } from './rpc.ts';

/** The name that a caller gives a job. */
export const jobNameSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.:@-]+$/, 'letters, digits and . : @ _ -');

/** What is started. */
export interface StartOf<W extends Workflow> extends Pick<
  WorkflowStartOptions,
  'priority' | 'typedSearchAttributes' | 'staticSummary'
> {
  readonly workflow: string;
  readonly workflowId: string;
  readonly args: Parameters<W>;
  /** What a start does once the job has ended well: nothing, so that its result can be fetched, or run it again. */
  readonly whenDone: 'keep' | 'repeat';
}

/** Starts a workflow, or joins the run that is under way. The type argument names it, so that its arguments are checked. */
export async function startJob<W extends Workflow>(
  rpc: Rpc,
  { workflow, whenDone, ...rest }: StartOf<W>,
): Promise<void> {
  // Spread of a generic parameter list hides from the compiler that these are the options of W.
  const options = {
    ...rest,
    taskQueue: queues.workflows,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: whenDone === 'keep' ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'ALLOW_DUPLICATE',
  } as unknown as WorkflowStartOptions<W>;
  try {
    await rpc.call(rest.workflowId, (client) => client.workflow.start<W>(workflow, options));
  } catch (error) {
    // Done already: the same id is the same job, and its result is there to be fetched.
    if (whenDone === 'repeat' || !(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
