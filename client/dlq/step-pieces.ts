/** The pieces in which steps are kept and handed over. */
import type { KeptStep } from '../../contracts/dlq/steps.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** Largest result that is kept, in bytes of JSON; what gave a larger one runs again. */
const LARGEST_VALUE = BYTES_PER_MB;

/** Size of a piece, in bytes of JSON; it holds one step at least. */
const PIECE_BYTES = 256 * 1024;

/** Most that is kept of one run, in bytes of JSON. */
const MOST_BYTES = 16 * BYTES_PER_MB;

/** Cuts steps into pieces, without those that are too large. */
export function piecesOf(steps: readonly KeptStep[]): readonly (readonly KeptStep[])[] {
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
