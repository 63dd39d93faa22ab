/** Pieces of what is kept of failed runs: sealed, because they hold what histories may not show. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { PerennialError } from '../contracts/failures.ts';
import type { KeyRing } from './key-ring.ts';

/** A sealed piece and the id of its key. */
export interface SealedPiece {
  readonly keyId: string;
  readonly sealed: Buffer;
}

/** Which piece it is; no other one can be put in its place. */
export interface PiecePlace {
  readonly runId: string;
  readonly place: number;
}

/** Seals a JSON value. */
export function sealPiece(keys: KeyRing, { runId, place }: PiecePlace, value: unknown): SealedPiece {
  const bytes = gzipSync(JSON.stringify(value));
  return { keyId: keys.keyId, sealed: keys.seal(bytes, aboutOf({ runId, place })) };
}

/** Opens a piece. @throws PerennialError `SealedValueUnreadable` for a key that this process does not have */
export function openPiece(keys: KeyRing | undefined, at: PiecePlace, { keyId, sealed }: SealedPiece): unknown {
  const bytes = keys?.open(keyId, sealed, aboutOf(at));
  if (bytes !== undefined) return JSON.parse(gunzipSync(bytes).toString());
  const known = keys === undefined ? 'none' : keys.ids.join(', ');
  throw new PerennialError(
    'SealedValueUnreadable',
    `what is kept of the run ${at.runId}: expected a value sealed with a key of this process (${known}), got one of the key ${keyId}`,
  );
}

function aboutOf({ runId, place }: PiecePlace): string {
  return `kept of a failed run\n${runId}\n${place}`;
}
