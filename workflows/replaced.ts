/** Tasks that put a canvas in their place: what becomes of them where a canvas calls them, and where others do. */
import {
  ChildWorkflowCancellationType,
  executeChild,
  ParentClosePolicy,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { parseSignature } from '../canvas/parse.ts';
import { replacementIn } from '../canvas/replacement.ts';
import type { Signature } from '../canvas/signature.ts';
import { CANVAS_RULES, canvasWorkflows } from '../contracts/canvas.ts';
import { PerennialError } from '../contracts/failures.ts';
import type { TaskDefinition } from '../contracts/tasks.ts';
import type { runCanvas } from './canvas/run.ts';
import { inheritedAttributes } from './tasks/search-attributes.ts';

/** Replacements within each other: a task that always asks for itself would never end. */
const MOST_REPLACEMENTS = 100;

type Row = Pick<TaskDefinition<string, never, never>, 'name' | 'replaces'>;

/**
 * The canvas that stands in the place of a call.
 *
 * @param row - of the task
 * @param result - what the worker gave
 * @param path - of the call in its canvas
 * @returns nothing where the task has given a result of its own
 * @throws PerennialError `InvalidOutput` for a canvas that is none, or too many within each other
 */
export function replacementOf(row: Row, result: unknown, path: string): Signature | undefined {
  const { name, replaces } = row;
  const canvas = replaces === true ? replacementIn(result) : undefined;
  if (canvas === undefined) return undefined;
  if (path.split('/replaced').length > MOST_REPLACEMENTS)
    throw new PerennialError(
      'InvalidOutput',
      `${name}: expected an end of replacing, got ${MOST_REPLACEMENTS} in a row`,
    );
  try {
    return parseSignature(canvas, { timing: 'lenient' });
  } catch (error) {
    if (error instanceof PerennialError) throw new PerennialError('InvalidOutput', `${name}: ${error.message}`);
    throw error;
  }
}

/**
 * What a task that was called outside of any canvas gives in the end: the result
 * of the canvas in its place, which runs as a child of the workflow.
 *
 * @throws ChildWorkflowFailure what that canvas fails with
 */
export async function finalResult(row: Row, result: unknown, tenant: string | undefined): Promise<unknown> {
  const canvas = replacementOf(row, result, '');
  if (canvas === undefined) return result;
  return executeChild<typeof runCanvas>(canvasWorkflows.runCanvas, {
    workflowId: `${workflowInfo().workflowId}/replaced-${uuid4().slice(0, 8)}`,
    args: [{ canvas, tenant, revocable: true, rules: CANVAS_RULES }],
    staticSummary: `in place of ${row.name}`.slice(0, 200),
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    ...inheritedAttributes(row.name),
  });
}
