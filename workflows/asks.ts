/** What tasks ask for beside their result: what becomes of it where a canvas calls them, and where others do. */
import {
  ChildWorkflowCancellationType,
  type ChildWorkflowOptions,
  executeChild,
  ParentClosePolicy,
  startChild,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { type Asks, asksIn } from '../canvas/asks.ts';
import { parseSignature } from '../canvas/parse.ts';
import type { Signature } from '../canvas/signature.ts';
import { CANVAS_RULES, canvasWorkflows } from '../contracts/canvas.ts';
import { PerennialError } from '../contracts/failures.ts';
import type { TaskDefinition } from '../contracts/tasks.ts';
import type { runCanvas } from './canvas/run.ts';
import { inheritedAttributes } from './tasks/search-attributes.ts';

/** Replacements within each other: a task that always asks for itself would never end. */
const MOST_REPLACEMENTS = 100;

type Row = Pick<TaskDefinition<string, never, never>, 'name' | 'composes'>;

/**
 * What a call has asked for.
 *
 * @param row - of the task
 * @param result - what the worker gave
 * @param path - of the call in its canvas
 * @returns nothing where the result is a plain one
 * @throws PerennialError `InvalidOutput` for a canvas that is none, or too many within each other
 */
export function asksOf(row: Row, result: unknown, path: string): Asks | undefined {
  const asks = row.composes === true ? asksIn(result) : undefined;
  if (asks === undefined) return undefined;
  const { value, replacedBy, sends } = asks;
  if (replacedBy !== undefined && path.split('/replaced').length > MOST_REPLACEMENTS)
    throw invalid(row, `expected an end of replacing, got ${MOST_REPLACEMENTS} in a row`);
  return {
    value,
    replacedBy: replacedBy === undefined ? undefined : parsed(row, replacedBy),
    sends: Array.isArray(sends) ? sends.map((canvas: unknown) => parsed(row, canvas)) : [],
  };
}

function parsed(row: Row, canvas: unknown): Signature {
  try {
    return parseSignature(canvas, { timing: 'lenient' });
  } catch (error) {
    throw error instanceof PerennialError ? invalid(row, error.message) : error;
  }
}

function invalid({ name }: Row, message: string): PerennialError {
  return new PerennialError('InvalidOutput', `${name}: ${message}`);
}

/**
 * What a task that was called outside of any canvas gives in the end. Canvases
 * run as children of the workflow: one in the place of the task is waited for,
 * others go on by themselves.
 *
 * @throws ChildWorkflowFailure what a canvas in its place fails with
 */
export async function finalResult(row: Row, result: unknown, tenant: string | undefined): Promise<unknown> {
  const asks = asksOf(row, result, '');
  if (asks === undefined) return result;
  for (const canvas of asks.sends)
    await startChild<typeof runCanvas>(canvasWorkflows.runCanvas, {
      ...childOf(row, 'sent', canvas, tenant),
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  if (asks.replacedBy === undefined) return asks.value;
  return executeChild<typeof runCanvas>(canvasWorkflows.runCanvas, {
    ...childOf(row, 'replaced', asks.replacedBy, tenant),
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  });
}

function childOf(
  { name }: Row,
  what: 'sent' | 'replaced',
  canvas: Signature,
  tenant: string | undefined,
): ChildWorkflowOptions & { readonly args: Parameters<typeof runCanvas> } {
  return {
    workflowId: `${workflowInfo().workflowId}/${what}-${uuid4().slice(0, 8)}`,
    args: [{ canvas, tenant, revocable: true, rules: CANVAS_RULES }],
    staticSummary: `${what === 'sent' ? 'sent by' : 'in place of'} ${name}`.slice(0, 200),
    ...inheritedAttributes(canvas.task),
  };
}
