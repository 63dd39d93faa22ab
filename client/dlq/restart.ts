/** Starts failed runs again. */
import { WorkflowExecutionAlreadyStartedError, type WorkflowExecutionDescription } from '@temporalio/client';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import { REDRIVE_MEMO } from '../../contracts/dlq/steps.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import { progressOf } from '../canvas/progress.ts';
import { whileThere } from '../canvas/part-runs.ts';
import { describe } from '../canvas/queries.ts';
import { retryFailed } from '../canvas/retry.ts';
import type { ClientContext } from '../domain.ts';
import type { Rpc } from '../connection/rpc.ts';
import { NotFound } from '../connection/errors.ts';
import { retryTask } from '../tasks/retry.ts';
import type { KeptPieces, RepeatedBy } from '../../services/dlq/port.ts';
import { openPipelines } from './begun-pipelines.ts';
import { completedSteps } from './completed-steps.ts';
import type { RunId } from './history.ts';
import { attributesOf, keptStart, type KeptStart, readKeptStart } from './kept-start.ts';
import type { DeadLetterRecords } from './types.ts';

/** A run by its two ids. */
export interface FailedRunId {
  readonly workflow: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** What a repetition is told. */
export interface RestartOptions {
  readonly input?: unknown;
  /** Whether a pipeline runs whole. */
  readonly whole?: boolean | undefined;
}

/**
 * Starts a run again, a single task with another input where the record has one.
 *
 * @returns the run that repeats it
 */
export async function restart(
  { rpc, gate }: Pick<ClientContext, 'rpc' | 'gate'>,
  records: DeadLetterRecords,
  run: FailedRunId,
  options: RestartOptions,
): Promise<RepeatedBy> {
  const { workflow, workflowId } = run;
  const input = 'input' in options ? { input: options.input } : {};
  const under = (id: string): RepeatedBy => ({ workflowId: id, runId: undefined });
  if (workflow === taskWorkflows.runTask || 'input' in input)
    return under(await retryTask(rpc, gate, workflowId, input));
  if (workflow === canvasWorkflows.runCanvas) return under((await retryFailed(rpc, workflowId)).id);
  const last = await whileThere(() => describe(rpc, workflowId));
  if (last !== undefined && last.runId !== run.runId) return last; // somebody has started it again since
  const runId = await startAnew(rpc, run, await startOf(rpc, records, run, last), options.whole !== true);
  return { workflowId, runId };
}

async function startOf(
  rpc: Rpc,
  records: DeadLetterRecords,
  { workflowId, runId }: FailedRunId,
  last: WorkflowExecutionDescription | undefined,
): Promise<KeptStart> {
  const kept = await keptStart(rpc, records, runId);
  if (kept !== undefined) return kept;
  if (last === undefined) throw new NotFound(workflowId);
  return readKeptStart(rpc, last);
}

/**
 * Starts a pipeline again under its own id, because its rows and files belong to the id. Its memo says where the results
 * of the steps that had succeeded are kept.
 *
 * @returns the id of the new run
 */
async function startAnew(
  rpc: Rpc,
  { workflowId }: FailedRunId,
  start: KeptStart,
  keeps: boolean,
): Promise<string | undefined> {
  const { workflow, taskQueue, args, priority, memo, summary, origin } = start;
  try {
    const { firstExecutionRunId } = await rpc.call(workflowId, (client) =>
      client.workflow.start(workflow, {
        workflowId,
        taskQueue,
        args: [...args],
        priority,
        memo: { ...memo, [REDRIVE_MEMO]: { ...origin, keeps } },
        typedSearchAttributes: attributesOf(start),
        staticSummary: summary,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        workflowIdConflictPolicy: 'FAIL',
      }),
    );
    return firstExecutionRunId;
  } catch (error) {
    // Somebody has started it since, and it goes on or has succeeded.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return undefined;
  }
}

/** How many steps of a run a redrive keeps and repeats. */
export interface Steps {
  readonly kept: number;
  readonly again: number;
}

/** Counts the steps of a run; a single task is one step. */
export async function stepsOf(
  rpc: Rpc,
  records: DeadLetterRecords,
  { workflow, workflowId, runId }: FailedRunId,
  { whole }: Pick<RestartOptions, 'whole'>,
): Promise<Steps> {
  if (workflow !== canvasWorkflows.runCanvas) {
    const { kept, again } = (await records.stepsOf(runId)) ?? { kept: 0, again: 1 };
    return whole === true ? { kept: 0, again: kept + again } : { kept, again };
  }
  const { succeeded, failed, revoked, skipped } = await progressOf(rpc, workflowId);
  const below = await stepsOfPipelines(rpc, records, { workflowId, runId });
  return { kept: succeeded + below.kept, again: failed + revoked + skipped + below.again };
}

/** The steps of its pipelines that did not succeed, each of which counts as one call already. */
async function stepsOfPipelines(rpc: Rpc, pieces: KeptPieces, canvas: RunId): Promise<Steps> {
  const { sealKeys: keys } = rpc;
  const steps = { kept: 0, again: 0 };
  if (keys === undefined) return steps;
  for (const { run } of await openPipelines(rpc, canvas)) {
    const runs = await completedSteps({ rpc, keys, pieces }, run);
    steps.kept += runs.flatMap((one) => one.steps).filter(({ child }) => child === undefined).length;
    steps.again += Math.max(0, runs.reduce((sum, { again }) => sum + again, 0) - 1);
  }
  return steps;
}
