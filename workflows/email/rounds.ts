/** Passes over a mailing: who asked to wait is tried again later, without holding up the others (RETRY-2). */
import { sleep, workflowInfo } from '@temporalio/workflow';
import { EMAIL_ROUNDS, type EmailTally } from '../../contracts/email/vocabulary.ts';
import type { PartOutcome } from '../../contracts/email/schema.ts';
import { group } from '../calls/composition.ts';

/** A part of a mailing with recipients that asked to wait. */
export interface WaitingPart<Part> {
  readonly part: Part;
  readonly tally: EmailTally;
  readonly againAfterMs: number;
}

/** What a mailing remembers between its rounds: small, plain and carried through continue-as-new. */
export interface RoundsState<Part> {
  tally: EmailTally;
  /** From 1: the pass that is under way. */
  round: number;
  waiting: WaitingPart<Part>[];
}

/** Nothing sent yet. */
export function newRounds<Part>(): RoundsState<Part> {
  return { tally: { sent: 0, failed: 0, duplicates: 0, deferred: 0 }, round: 1, waiting: [] };
}

/** Counts a part that came to rest; `before` is what was counted for it in the round before. */
export function countPart<Part>(
  state: RoundsState<Part>,
  part: Part,
  { sent, failed, duplicates, deferred, againAfterMs }: PartOutcome,
  before: EmailTally = { sent: 0, failed: 0, duplicates: 0, deferred: 0 },
): void {
  const tally = { sent, failed, duplicates, deferred };
  state.tally = {
    sent: state.tally.sent + sent - before.sent,
    failed: state.tally.failed + failed - before.failed,
    duplicates: state.tally.duplicates + duplicates - before.duplicates,
    deferred: state.tally.deferred + deferred - before.deferred,
  };
  if (deferred > 0) state.waiting.push({ part, tally, againAfterMs });
}

/** Goes over the parts that wait until nobody waits any more, or until the history is long enough for a new run (`more`). */
export async function runRounds<Part>(
  state: RoundsState<Part>,
  limit: number,
  send: (part: Part, round: number) => Promise<PartOutcome>,
): Promise<'done' | 'more'> {
  while (state.waiting.length > 0 && state.round < EMAIL_ROUNDS) {
    if (workflowInfo().continueAsNewSuggested) return 'more';
    await sleep(Math.max(1, ...state.waiting.map(({ againAfterMs }) => againAfterMs)));
    const due = state.waiting;
    state.waiting = [];
    state.round += 1;
    const again = async ({ part, tally }: WaitingPart<Part>): Promise<void> => {
      countPart(state, part, await send(part, state.round), tally);
    };
    await group(
      due.map((waiting) => () => again(waiting)),
      { limit, join: 'stop' },
    );
  }
  return 'done';
}
