import { workflowInfo } from '@temporalio/workflow';
import { EMAIL_ROUNDS, USER_SLICE, type UserMailing } from '../../contracts/email/vocabulary.ts';
import type { UserSliceOutput } from '../../contracts/email/schema.ts';
import { dueAt } from '../calls/due-at.ts';
import { countChunk, newRounds, type RoundsState, runRounds } from './rounds.ts';

/** The state of a mailing over all users; a chunk is identified by the id of the user before it. */
export interface UserMailingState extends RoundsState<string> {
  /** ISO time for which the mailing was started, from which its period is computed: the same in every redrive. */
  readonly startedAt: string;
  users: number;
  /** Id of the last processed user; `null` when all were processed. */
  after: string | null;
}

/** Where a mailing begins. */
export function newUserMailing(): UserMailingState {
  return { ...newRounds<string>(), startedAt: dueAt(), users: 0, after: '' };
}

/** One slice of the users behind `after`. */
export type SendSlice = (slice: { after: string; limit: number; round: number }) => Promise<UserSliceOutput>;

/** Settings of {@link tellUsers}. */
export interface UserMailingOptions {
  /** Users of one slice. @defaultValue USER_SLICE */
  readonly limit?: number;
  /** Passes over users who are to be told later, the first included. @defaultValue EMAIL_ROUNDS */
  readonly rounds?: number;
}

/** Goes over all users slice by slice, then over those who asked to wait. `more`: the history is long enough for a new run. */
export async function tellUsers(
  state: UserMailingState,
  sendSlice: SendSlice,
  { limit = USER_SLICE, rounds = EMAIL_ROUNDS }: UserMailingOptions = {},
): Promise<UserMailing | 'more'> {
  while (state.after !== null) {
    if (workflowInfo().continueAsNewSuggested) return 'more';
    const after = state.after;
    const outcome = await sendSlice({ after, limit, round: 1 });
    countChunk(state, after, outcome);
    state.users += outcome.users;
    state.after = outcome.next;
  }
  const again = (after: string, round: number): Promise<UserSliceOutput> => sendSlice({ after, limit, round });
  if ((await runRounds(state, 1, again, rounds)) === 'more') return 'more';
  return { status: 'finished', users: state.users, ...state.tally };
}
