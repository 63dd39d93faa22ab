/** The state of a running import. */
import type { ImportInput, SaveOutput } from '../../contracts/imports/schema.ts';
import type { ImportProgress } from '../../contracts/imports/vocabulary.ts';

/** The memory of one import; the same size for ten rows and for a billion. */
export interface ImportState {
  readonly importId: string;
  readonly runId: string;
  readonly input: ImportInput;
  readonly startedAtMs: number;
  phase: ImportProgress['phase'];
  bytes: number;
  doneBytes: number;
  savingSinceMs: number;
  read: number;
  saved: number;
  rejected: number;
  skipped: number;
}

/** The memory of an import that begins. */
export function newState(importId: string, runId: string, input: ImportInput, nowMs: number): ImportState {
  return {
    importId,
    runId,
    input,
    startedAtMs: nowMs,
    phase: 'downloading',
    bytes: 0,
    doneBytes: 0,
    savingSinceMs: 0,
    read: 0,
    saved: 0,
    rejected: 0,
    skipped: 0,
  };
}

/** Counts one range that has come to its end. */
export function count(state: ImportState, range: SaveOutput): void {
  state.doneBytes += range.bytes;
  state.read += range.read;
  state.saved += range.saved;
  state.rejected += range.rejected;
  state.skipped += range.skipped;
}

/** The answer to the progress query. */
export function progressOf(state: ImportState, nowMs: number): ImportProgress {
  const { phase, bytes, doneBytes, read, saved, rejected, skipped } = state;
  const left = bytes - doneBytes;
  const pace = doneBytes > 0 ? (nowMs - state.savingSinceMs) / doneBytes : undefined;
  return {
    phase,
    bytes,
    doneBytes,
    read,
    saved,
    rejected,
    skipped,
    startedAt: new Date(state.startedAtMs).toISOString(),
    remainingMs: phase !== 'saving' || pace === undefined ? null : Math.round(pace * left),
  };
}
