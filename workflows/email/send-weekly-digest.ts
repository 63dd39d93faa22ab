import { continueAsNew } from '@temporalio/workflow';
import type { UserMailing } from '../../contracts/email/vocabulary.ts';
import { tasks } from '../calls/tasks.ts';
import { tellUsers, newUserMailing, type UserMailingState } from './user-mailing.ts';
import { DAY_MS } from '../../contracts/values/units.ts';

/**
 * Sends every subscribed user a digest of what was read in the last seven days. The week ends with the day before
 * it is due, so a second start on the same day sends nothing twice.
 * @param input - has no fields; it exists so that schedules and callers pass an object as to every workflow
 * @param carried - set by continue-as-new only
 */
export async function sendWeeklyDigest(
  input: Readonly<Record<string, never>> = {},
  carried?: UserMailingState,
): Promise<UserMailing> {
  const state = carried ?? newUserMailing();
  const until = `${state.startedAt.slice(0, 10)}T00:00:00.000Z`;
  const from = new Date(Date.parse(until) - 7 * DAY_MS).toISOString();
  const result = await tellUsers(state, (slice) => tasks.email.sendDigests({ ...slice, from, until }));
  return result === 'more' ? continueAsNew<typeof sendWeeklyDigest>(input, state) : result;
}
