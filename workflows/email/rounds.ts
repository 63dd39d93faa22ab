/** Rounds of a mailing: recipients whose server asked to wait are retried later, without delaying the others. */
import { sleep, workflowInfo } from '@temporalio/workflow';
import { EMAIL_ROUNDS, type EmailTally } from '../../contracts/email/vocabulary.ts';
import type { ChunkOutcome } from '../../contracts/email/schema.ts';
import { group } from '../calls/composition.ts';

/** A chunk of a mailing with recipients that asked to wait. */
export interface WaitingChunk<Chunk> {
  readonly chunk: Chunk;
  readonly tally: EmailTally;
  readonly againAfterMs: number;
}

/** The state of a mailing between its rounds, which continue-as-new passes on. */
export interface RoundsState<Chunk> {
  tally: EmailTally;
  /** From 1: the pass that is under way. */
  round: number;
  waiting: WaitingChunk<Chunk>[];
}

/** Nothing sent yet. */
export function newRounds<Chunk>(): RoundsState<Chunk> {
  return { tally: { sent: 0, failed: 0, duplicates: 0, deferred: 0 }, round: 1, waiting: [] };
}

/** Counts a chunk that has ended; `before` is what was counted for it in the round before. */
export function countChunk<Chunk>(
  state: RoundsState<Chunk>,
  chunk: Chunk,
  { sent, failed, duplicates, deferred, againAfterMs }: ChunkOutcome,
  before: EmailTally = { sent: 0, failed: 0, duplicates: 0, deferred: 0 },
): void {
  const tally = { sent, failed, duplicates, deferred };
  state.tally = {
    sent: state.tally.sent + sent - before.sent,
    failed: state.tally.failed + failed - before.failed,
    duplicates: state.tally.duplicates + duplicates - before.duplicates,
    deferred: state.tally.deferred + deferred - before.deferred,
  };
  if (deferred > 0) state.waiting.push({ chunk, tally, againAfterMs });
}

/** Runs rounds until no recipient waits any more, or until the history is long enough for a new run (`more`). */
export async function runRounds<Chunk>(
  state: RoundsState<Chunk>,
  limit: number,
  send: (chunk: Chunk, round: number) => Promise<ChunkOutcome>,
  rounds: number = EMAIL_ROUNDS,
): Promise<'done' | 'more'> {
  while (state.waiting.length > 0 && state.round < rounds) {
    if (workflowInfo().continueAsNewSuggested) return 'more';
    await sleep(Math.max(1, ...state.waiting.map(({ againAfterMs }) => againAfterMs)));
    const due = state.waiting;
    state.waiting = [];
    state.round += 1;
    const again = async ({ chunk, tally }: WaitingChunk<Chunk>): Promise<void> => {
      countChunk(state, chunk, await send(chunk, state.round), tally);
    };
    await group(
      due.map((waiting) => () => again(waiting)),
      { limit, join: 'stop' },
    );
  }
  return 'done';
}
