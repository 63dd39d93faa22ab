import { continueAsNew } from '@temporalio/workflow';
import type { UserMailing } from '../../contracts/email/vocabulary.ts';
import { tasks } from '../calls/tasks.ts';
import { emailUsers, newUserMailing, type UserMailingState } from './user-mailing.ts';

/**
 * Reminds users that were not seen for INACTIVE_AFTER_DAYS (EMAIL-7); others
 * get nothing, and nobody is reminded twice of the same absence.
 *
 * @param input - nothing to say yet; there so that schedules and callers pass an object as everywhere
 * @param carried - set by continue-as-new only
 */
export async function sendInactiveReminders(
  input: Readonly<Record<string, never>> = {},
  carried?: UserMailingState,
): Promise<UserMailing> {
  const state = carried ?? newUserMailing();
  const result = await emailUsers(state, (slice) => tasks.email.sendReminders({ ...slice, now: state.startedAt }));
  return result === 'more' ? continueAsNew<typeof sendInactiveReminders>(input, state) : result;
}
