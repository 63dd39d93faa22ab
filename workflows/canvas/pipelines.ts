/** Steps that run a workflow of ours: as a child, under an id of its own domain, so that it is found where others of its kind are. */
import {
  CancellationScope,
  CancelledFailure,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  ParentClosePolicy,
} from '@temporalio/workflow';
import { inputOf } from '../../canvas/signature/task-input.ts';
import { CANVAS_PIPELINES, isCanvasPipeline, pipelineWorkflowId } from '../../contracts/canvas/pipelines.ts';
import { runOfMember } from '../../contracts/canvas/members.ts';
import { failureOf } from '../failures.ts';
import type { CallReply, CallRequest } from '../../canvas/model/request.ts';

/** Runs the pipeline that a step names, and gives its result. Rejects only on cancellation of the canvas. */
export async function runPipeline({ id, args, kwargs }: CallRequest): Promise<CallReply> {
  const { name, input } = kwargs;
  if (!isCanvasPipeline(name))
    return failed('InvalidInput', `name: expected a pipeline (${CANVAS_PIPELINES.join(', ')}), got '${String(name)}'`);
  const key = keyOf(id);
  try {
    // The step's own fields win over those of the value before it.
    const given = [...args, ...(input === undefined || input === null ? [] : [input])];
    const value: unknown = await executeChild(name, {
      workflowId: pipelineWorkflowId(name, key),
      args: given.length === 0 ? [] : [inputOf({ name }, given, {})],
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    });
    return { kind: 'done', value: value ?? null };
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('cancelled');
    if (isCancellation(error)) return failed('TaskRevoked', `somebody cancelled ${pipelineWorkflowId(name, key)}`);
    const { type, message } = failureOf(error instanceof ChildWorkflowFailure ? error.cause : error);
    return failed(type, message);
  }
}

/** Ids of batches and imports are parts of paths, so the slashes of a numbered call are left out. */
function keyOf(id: string): string {
  return runOfMember(id) === undefined ? id : id.replaceAll(/[:/]/g, '-');
}

function failed(type: string, message: string): CallReply {
  return { kind: 'failed', failure: { type, message } };
}
