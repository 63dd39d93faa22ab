/** Parts of a run that are workflows of their own: which there are, and what they know. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { canvasMessages, canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import type { CanvasKnown, CanvasProgress } from '../../contracts/canvas/views.ts';
import { askAll, type RunOf } from './queries.ts';
import { NotFound } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';

/** All calls that succeeded in a run, those of its parts included. */
export async function outcomesOf(rpc: Rpc, run: RunOf): Promise<readonly CanvasKnown[]> {
  const own = await askAll<CanvasKnown>(rpc, run, canvasMessages.outcomes);
  const parts = await partsOf(rpc, run);
  const theirs: (readonly CanvasKnown[])[] = [];
  for (const part of parts) theirs.push(await outcomesOf(rpc, part));
  return [...own, ...theirs.flat()];
}

/** Every part that a run has started, from its history. */
async function partsOf(rpc: Rpc, { workflowId, runId }: RunOf): Promise<readonly RunOf[]> {
  const { events } = await rpc.call(workflowId, (client) =>
    client.workflow.getHandle(workflowId, runId).fetchHistory(),
  );
  return (events ?? []).flatMap((event) => {
    const started = event.childWorkflowExecutionStartedEventAttributes;
    const { workflowId: id, runId: run } = started?.workflowExecution ?? {};
    return started?.workflowType?.name === canvasWorkflows.runCanvasPart && id && run
      ? [{ workflowId: id, runId: run }]
      : [];
  });
}

/** Parts that are under way, from what the server knows of a run; bounded, because a run has few at a time. */
export function partsUnderWay({ raw }: WorkflowExecutionDescription): readonly RunOf[] {
  return (raw.pendingChildren ?? []).flatMap(({ workflowId, runId, workflowTypeName }) =>
    workflowTypeName === canvasWorkflows.runCanvasPart && workflowId && runId ? [{ workflowId, runId }] : [],
  );
}

/** Looks at a part; `undefined` when it is over before anybody looked. */
export async function whileThere<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** What a part has said of itself. */
export interface HeardPart {
  readonly progress: CanvasProgress;
  /** Calls that it was handed. */
  readonly calls: number;
}

/** Counts of a run with those of parts that it has not heard of yet; for it, their calls have not begun. */
export function withParts(run: CanvasProgress, parts: readonly HeardPart[], nowMs: number): CanvasProgress {
  if (parts.length === 0) return run;
  const sum = parts.reduce(withPart, run);
  const ended = sum.succeeded + sum.failed + sum.revoked + sum.replaced - sum.kept;
  const left = sum.waiting + sum.running + sum.retrying;
  const pace = (nowMs - Date.parse(sum.startedAt)) / ended;
  return { ...sum, remainingMs: ended > 0 ? Math.max(0, Math.round(pace * left)) : null };
}

function withPart(run: CanvasProgress, { progress: part, calls }: HeardPart): CanvasProgress {
  // A run that is over has taken for skipped what it never heard of.
  const unheard = run.over ? 'skipped' : 'waiting';
  const base = { ...run, [unheard]: Math.max(0, run[unheard] - calls) };
  const counts = Object.fromEntries(COUNTS.map((state) => [state, base[state] + part[state]]));
  return { ...base, ...counts, total: run.total + part.total - calls, over: run.over && part.over };
}

const COUNTS = [
  'waiting',
  'running',
  'retrying',
  'succeeded',
  'failed',
  'revoked',
  'replaced',
  'skipped',
  'kept',
] as const satisfies readonly (keyof CanvasProgress)[];
