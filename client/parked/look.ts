/** Asks runs what waits in them for a person. */
import { QueryNotRegisteredError } from '@temporalio/client';
import { parkedMessages, type ParkedView } from '../../contracts/parked/vocabulary.ts';
import { ask, describe, type RunOf } from '../canvas/queries.ts';
import { openParts, whileThere } from '../canvas/part-runs.ts';
import type { Rpc } from '../connection/rpc.ts';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';

/** What waits in one run. */
export interface Parked {
  readonly run: RunOf;
  readonly view: ParkedView;
}

const NOTHING: ParkedView = { steps: [], waiting: 0, decisions: [] };

/** Asks one run. A run in which nothing may wait knows no such question. */
export async function parkedIn(rpc: Rpc, run: RunOf): Promise<ParkedView> {
  try {
    return await ask<ParkedView>(rpc, run, parkedMessages.parked);
  } catch (error) {
    if (error instanceof QueryNotRegisteredError) return NOTHING;
    throw error;
  }
}

/** Asks a run and, of a canvas, its running parts. @throws NotFound */
export async function parkedBelow(rpc: Rpc, workflowId: string): Promise<readonly Parked[]> {
  const run = await describe(rpc, workflowId);
  const own = { run, view: await parkedIn(rpc, run) };
  const names: readonly string[] = Object.values(canvasWorkflows);
  if (!names.includes(run.type)) return [own];
  const parts = (await openParts(rpc, run)).map((part) => whileThere(() => parkedBelow(rpc, part.workflowId)));
  return [own, ...(await Promise.all(parts)).flatMap((found) => found ?? [])];
}
