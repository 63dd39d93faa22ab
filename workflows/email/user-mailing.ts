import { workflowInfo } from '@temporalio/workflow';
import { USER_SLICE, type UserMailing } from '../../contracts/email/vocabulary.ts';
import type { UserSliceOutput } from '../../contracts/email/schema.ts';
import { originOfRun } from '../calls/kept-steps.ts';
import { countChunk, newRounds, type RoundsState, runRounds } from './rounds.ts';

/** The state of a mailing over all users; a chunk is identified by the id of the user before it. */
export interface UserMailingState extends RoundsState<string> {
  /** ISO time at which the mailing began, from which its period is computed. */
  readonly startedAt: string;
  users: number;
  /** Id of the last processed user; `null` when all were processed. */
  after: string | null;
}

/** Where a mailing begins. */
export function newUserMailing(): UserMailingState {
  return { ...newRounds<string>(), startedAt: originOfRun()?.dueAt ?? new Date().toISOString(), users: 0, after: '' };
}

/** One slice of the users behind `after`. */
export type SendSlice = (slice: { after: string; limit: number; round: number }) => Promise<UserSliceOutput>;

/** Goes over all users slice by slice, then over those who asked to wait. `more`: the history is long enough for a new run. */
export async function emailUsers(state: UserMailingState, sendSlice: SendSlice): Promise<UserMailing | 'more'> {
  while (state.after !== null) {
    if (workflowInfo().continueAsNewSuggested) return 'more';
    const after = state.after;
    const outcome = await sendSlice({ after, limit: USER_SLICE, round: 1 });
    countChunk(state, after, outcome);
    state.users += outcome.users;
    state.after = outcome.next;
  }
  const again = (after: string, round: number): Promise<UserSliceOutput> =>
    sendSlice({ after, limit: USER_SLICE, round });
  if ((await runRounds(state, 1, again)) === 'more') return 'more';
  return { status: 'finished', users: state.users, ...state.tally };
}
