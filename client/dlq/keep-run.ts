/** Makes of a failed run what is kept of it, so that its redrive does only the rest. */
import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { KeptStep } from '../../contracts/dlq/steps.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import { sealPiece } from '../../payloads/pieces.ts';
import type { KeptPieces, KeptRun } from '../../services/dlq/port.ts';
import type { Rpc } from '../connection/rpc.ts';
import { completedSteps, isPipeline } from './completed-steps.ts';
import { readKeptStart, START_PLACE } from './kept-start.ts';

/** Largest result that is kept, in bytes of JSON; what gave a larger one runs again. */
const LARGEST_VALUE = BYTES_PER_MB;

/** Size of a piece, in bytes of JSON; it holds one step at least. */
const PIECE_BYTES = 256 * 1024;

/** Most that is kept of one run, in bytes of JSON. */
const MOST_BYTES = 16 * BYTES_PER_MB;

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

/** Cuts steps into pieces, without those that are too large. */
function piecesOf(steps: readonly KeptStep[]): readonly (readonly KeptStep[])[] {
  const pieces: KeptStep[][] = [];
  let [total, room] = [0, 0];
  for (const step of steps) {
    const bytes = Buffer.byteLength(JSON.stringify(step));
    if (bytes > LARGEST_VALUE || total + bytes > MOST_BYTES) continue;
    total += bytes;
    if (bytes > room) {
      pieces.push([]);
      room = PIECE_BYTES;
    }
    pieces.at(-1)?.push(step);
    room -= bytes;
  }
  return pieces;
}
