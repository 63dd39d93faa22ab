/** Retries the failed members of a run in a new run of the same canvas, which reuses the results that succeeded. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { retryId } from '../../contracts/tasks/calls.ts';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import type { CanvasProgress } from '../../contracts/canvas/views.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { queues } from '../../contracts/queues/names.ts';
import type { runCanvas } from '../../workflows/index.ts';
import { describe } from './queries.ts';
import { outcomesOf } from './part-runs.ts';
import { progressOf } from './progress.ts';
import { jobHandle } from '../connection/handles.ts';
import type { Rpc } from '../connection/rpc.ts';
import { readStart } from '../connection/run-start.ts';
import { begunPipelines } from '../dlq/begun-pipelines.ts';
import { indexedAs } from '../connection/search-attributes.ts';
import type { JobHandle } from '../connection/jobs.ts';
import type { RunCanvasInput } from '../../workflows/canvas/run-input.ts';

/** Largest start message without a blob store, in bytes; the server accepts 2 MB. */
const MAX_START_BYTES = 1_900_000;

/**
 * Starts the retry of a run. Each run has one retry, however often this is called; to try a third time, retry the retry.
 *
 * @throws PerennialError `RunNotOver`, `NothingFailed`, `PayloadTooLarge`
 */
export async function retryFailed(rpc: Rpc, workflowId: string): Promise<JobHandle<unknown>> {
  const progress = await progressOf(rpc, workflowId);
  if (progress.status === 'running')
    throw new PerennialError('RunNotOver', `The run '${workflowId}' is still going on.`);
  // What they will give is not known yet, and they must not be called twice.
  if (!progress.over)
    throw new PerennialError('RunNotOver', `Callbacks of the run '${workflowId}' are still going on.`);
  requireFailure(workflowId, progress);
  const description = await describe(rpc, workflowId);
  const start = await readStart(rpc, workflowId, description.runId);
  const known = await outcomesOf(rpc, description);
  const given = start.args[0] as RunCanvasInput; // the workflow was started with it
  const pipelines = await begunPipelines(rpc, description);
  const input: RunCanvasInput = { ...given, known, pipelines, retryOf: workflowId };
  requireRoom(rpc, workflowId, input);
  const id = retryId(workflowId, description.runId);
  try {
    await rpc.call(id, (client) =>
      client.workflow.start<typeof runCanvas>(canvasWorkflows.runCanvas, {
        workflowId: id,
        taskQueue: queues.workflows,
        args: [input],
        priority: start.priority,
        typedSearchAttributes: indexedAs({ task: given.canvas.task, root: id, tenant: given.tenant }),
        staticSummary: `${given.canvas.task}, failed members of ${workflowId} again`.slice(0, 200),
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      }),
    );
  } catch (error) {
    // The retry exists already.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return jobHandle(rpc, id);
}

function requireFailure(workflowId: string, { failed, revoked, skipped, total }: CanvasProgress): void {
  if (failed + revoked + skipped > 0) return;
  throw new PerennialError('NothingFailed', `All ${total} calls of the run '${workflowId}' succeeded.`);
}

function requireRoom(rpc: Rpc, workflowId: string, input: RunCanvasInput): void {
  if (rpc.client.options.loadedDataConverter.externalStorage !== undefined) return;
  const size = Buffer.byteLength(JSON.stringify(input));
  if (size <= MAX_START_BYTES) return;
  const expected = `expected at most ${MAX_START_BYTES} bytes as JSON without a blob store, got ${size}`;
  throw new PerennialError(
    'PayloadTooLarge',
    `The results of '${workflowId}' are to be taken over: ${expected}; pass \`blobs\` to connectPerennial.`,
  );
}
