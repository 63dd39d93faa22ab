import {
  startChild,
  ParentClosePolicy,
  executeChild,
  ChildWorkflowCancellationType,
  type ChildWorkflowOptions,
  workflowInfo,
  uuid4,
} from '@temporalio/workflow';
import type { RunCanvas, RunFacts } from '../canvas/run-input.ts';
import { effectsOf, type ComposingTask } from './task-effects.ts';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import { inheritedAttributes } from '../tasks/search-attributes.ts';

/**
 * The result of a task that was called outside of a canvas, once its effects have
 * begun. Their canvases run as child workflows: the one that replaces the task is
 * waited for, those that it sends are not.
 *
 * @throws ChildWorkflowFailure what a canvas in its place fails with
 */
export async function finalResult(
  row: ComposingTask,
  result: unknown,
  facts: Pick<RunFacts, 'tenant' | 'parkMs'>,
): Promise<unknown> {
  const effects = effectsOf(row, result, '');
  if (effects === undefined) return result;
  for (const canvas of effects.sends)
    await startChild<RunCanvas>(canvasWorkflows.runCanvas, {
      ...childOf(row, 'sent', canvas, facts),
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  if (effects.replacedBy === undefined) return effects.value;
  return executeChild<RunCanvas>(canvasWorkflows.runCanvas, {
    ...childOf(row, 'replaced', effects.replacedBy, facts),
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  });
}

function childOf(
  { name }: ComposingTask,
  what: 'sent' | 'replaced',
  canvas: Signature,
  { tenant, parkMs }: Pick<RunFacts, 'tenant' | 'parkMs'>,
): ChildWorkflowOptions & { readonly args: Parameters<RunCanvas> } {
  return {
    workflowId: `${workflowInfo().workflowId}/${what}-${uuid4().slice(0, 8)}`,
    args: [{ canvas, tenant, parkMs }],
    staticSummary: `${what === 'sent' ? 'sent by' : 'in place of'} ${name}`.slice(0, 200),
    ...inheritedAttributes(canvas.task),
  };
}
