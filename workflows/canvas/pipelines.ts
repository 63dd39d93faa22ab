/** Steps that run a workflow of ours: as a child, under an id of its own domain, so that it is found where others of its kind are. */
import {
  CancellationScope,
  CancelledFailure,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  isCancellation,
  ParentClosePolicy,
  startChild,
} from '@temporalio/workflow';
import { inputOf } from '../../canvas/signature/task-input.ts';
import { CANVAS_PIPELINES, isCanvasPipeline, pipelineWorkflowId } from '../../contracts/canvas/pipelines.ts';
import { runOfMember } from '../../contracts/canvas/members.ts';
import {
  type BegunPipeline,
  PIPELINE_MEMO,
  type PipelineStep,
  REDRIVE_MEMO,
  type RedriveOrigin,
} from '../../contracts/dlq/steps.ts';
import { failureOf } from '../failures.ts';
import type { CallReply, CallRequest } from '../../canvas/model/request.ts';

/**
 * Makes what runs the pipelines that steps name, and gives their results. One that is called again after it has failed
 * keeps its id and what it has done.
 *
 * @param begun - those that a run before has begun and that have not succeeded
 */
export function createPipelines(begun: readonly BegunPipeline[] = []): (request: CallRequest) => Promise<CallReply> {
  const before = new Map(begun.map((pipeline) => [pipeline.path, pipeline]));
  return async (request) => {
    const { id, path, kwargs } = request;
    const { name } = kwargs;
    if (!isCanvasPipeline(name))
      return failed(
        'InvalidInput',
        `name: expected a pipeline (${CANVAS_PIPELINES.join(', ')}), got '${String(name)}'`,
      );
    const last = before.get(path);
    before.delete(path);
    const workflowId = last?.workflowId ?? pipelineWorkflowId(name, keyOf(id));
    const run: PipelineRun = { name, workflowId, dueAt: last?.origin.dueAt ?? new Date().toISOString(), last };
    try {
      return { kind: 'done', value: (await runChild(run, request)) ?? null };
    } catch (error) {
      const origin = originOf(error, run);
      if (origin !== undefined) before.set(path, { path, workflowId, origin });
      return failureReply(error, workflowId);
    }
  };
}

/** One run of a pipeline. */
interface PipelineRun {
  readonly name: string;
  readonly workflowId: string;
  readonly dueAt: string;
  /** The run that it repeats. */
  readonly last: BegunPipeline | undefined;
  firstRunId?: string;
}

async function runChild(run: PipelineRun, request: CallRequest): Promise<unknown> {
  const { name, workflowId, dueAt, last } = run;
  const memo: PipelineStep = { path: request.path, dueAt };
  const child = await startChild(name, {
    workflowId,
    args: last?.args ?? argumentsOf(name, request),
    memo: { [PIPELINE_MEMO]: memo, ...(last === undefined ? {} : { [REDRIVE_MEMO]: last.origin }) },
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  });
  run.firstRunId = last?.origin.firstRunId ?? child.firstExecutionRunId;
  return child.result();
}

/** How the next run begins, when a person wants another attempt; `undefined` for a run that did not fail. */
function originOf(error: unknown, { workflowId, firstRunId, dueAt }: PipelineRun): RedriveOrigin | undefined {
  if (!(error instanceof ChildWorkflowFailure) || isCancellation(error) || firstRunId === undefined) return undefined;
  const { runId: of } = error.execution;
  return of ? { of, workflowId, keeps: true, firstRunId, dueAt } : undefined;
}

function failureReply(error: unknown, workflowId: string): CallReply {
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('cancelled');
  if (isCancellation(error)) return failed('TaskRevoked', `somebody cancelled ${workflowId}`);
  const { type, message } = failureOf(error instanceof ChildWorkflowFailure ? error.cause : error);
  return failed(type, message);
}

/** The step's own fields win over those of the value before it. */
function argumentsOf(name: string, { args, kwargs: { input } }: CallRequest): unknown[] {
  const given = [...args, ...(input === undefined || input === null ? [] : [input])];
  return given.length === 0 ? [] : [inputOf({ name }, given, {})];
}

/** Ids of batches and imports are parts of paths, so the slashes of a numbered call are left out. */
function keyOf(id: string): string {
  return runOfMember(id) === undefined ? id : id.replaceAll(/[:/]/g, '-');
}

function failed(type: string, message: string): CallReply {
  return { kind: 'failed', failure: { type, message } };
}
