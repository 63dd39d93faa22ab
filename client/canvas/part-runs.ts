/** Finds the parts of a run, which are separate workflows, and reads their results and counts. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { canvasMessages } from '../../contracts/canvas/vocabulary.ts';
import type { CanvasKnown, CanvasOwnProgress, CanvasProgress } from '../../contracts/canvas/views.ts';
import { ask, askAll, describe, type RunOf } from './queries.ts';
import { NotFound } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';
import { partsIn, readHistory } from '../dlq/history.ts';

/** Returns all calls that succeeded in a run, including those in its parts. */
export async function outcomesOf(rpc: Rpc, run: RunOf): Promise<readonly CanvasKnown[]> {
  const own = await askAll<CanvasKnown>(rpc, run, canvasMessages.outcomes);
  const parts = partsIn(await readHistory(rpc, run));
  const theirs: (readonly CanvasKnown[])[] = [];
  for (const part of parts) theirs.push(await outcomesOf(rpc, part));
  return [...own, ...theirs.flat()];
}

/** Returns the parts that have not told a run their end; what it has detached may go on when it has ended itself. */
export async function openParts(rpc: Rpc, run: RunOf): Promise<readonly WorkflowExecutionDescription[]> {
  const { parts } = await ask<CanvasOwnProgress>(rpc, run, canvasMessages.progress);
  const found: WorkflowExecutionDescription[] = [];
  for (const { workflowId } of parts) {
    const part = await whileThere(() => describe(rpc, workflowId));
    if (part !== undefined) found.push(part);
  }
  return found;
}

/** Reads a part; `undefined` when it has already been deleted. */
export async function whileThere<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** The counts that a part has reported. */
export interface HeardPart {
  readonly progress: CanvasProgress;
  /** Calls that the part was given. */
  readonly calls: number;
}

/** Adds the counts of open parts to the counts of a run, which counts their calls as not begun. */
export function withParts(run: CanvasProgress, parts: readonly HeardPart[], nowMs: number): CanvasProgress {
  if (parts.length === 0) return run;
  // A run that has ended counts the calls of unreported parts as skipped.
  const unheard = run.over ? 'skipped' : 'waiting';
  const sum = parts.reduce((all, part) => withPart(all, part, unheard), run);
  const ended = sum.succeeded + sum.failed + sum.revoked + sum.replaced - sum.kept;
  const left = sum.waiting + sum.running + sum.retrying;
  const pace = (nowMs - Date.parse(sum.startedAt)) / ended;
  return { ...sum, remainingMs: ended > 0 ? Math.max(0, Math.round(pace * left)) : null };
}

function withPart(
  run: CanvasProgress,
  { progress: part, calls }: HeardPart,
  unheard: 'skipped' | 'waiting',
): CanvasProgress {
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
