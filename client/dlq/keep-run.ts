/** Makes of a failed run what is kept of it, so that its redrive does only the rest. */
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { sealPiece } from '../../payloads/pieces.ts';
import type { KeptPieces, KeptRun } from '../../services/dlq/port.ts';
import type { Rpc } from '../connection/rpc.ts';
import { completedSteps, isPipeline } from './completed-steps.ts';
import { readKeptStart, START_PLACE } from './kept-start.ts';
import { piecesOf } from './step-pieces.ts';

/**
 * Reads what a failed pipeline has done. A run that was itself a redrive hands on what it was given.
 *
 * @returns `undefined` for single tasks and canvases, which keep it themselves, and without keys
 * @throws NotFound, Unavailable
 */
export async function keepRun(rpc: Rpc, pieces: KeptPieces, run: WorkflowExecutionInfo): Promise<KeptRun | undefined> {
  const { sealKeys } = rpc;
  if (sealKeys === undefined || !isPipeline(run.type)) return undefined;
  const start = await readKeptStart(rpc, run);
  const runs = await completedSteps({ rpc, pieces, keys: sealKeys }, run);
  const bounded = runs.map(({ runId, steps }) => ({ runId, steps: piecesOf(steps) }));
  const kept = bounded.flatMap(({ steps }) => steps.flat()).filter(({ child }) => child === undefined).length;
  return {
    stepsKept: kept,
    stepsAgain: Math.max(
      1,
      runs.reduce((sum, { again }) => sum + again, 0),
    ),
    pieces: [
      { runId: run.runId, place: START_PLACE, ...sealPiece(sealKeys, { runId: run.runId, place: START_PLACE }, start) },
      ...bounded.flatMap(({ runId, steps }) =>
        steps.map((some, place) => ({ runId, place, ...sealPiece(sealKeys, { runId, place }, some) })),
      ),
    ],
  };
}
