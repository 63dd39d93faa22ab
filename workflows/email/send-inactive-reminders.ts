import { continueAsNew } from '@temporalio/workflow';
import type { UserMailing } from '../../contracts/email/vocabulary.ts';
import { tasks } from '../calls/tasks.ts';
import { tellUsers, newUserMailing, type UserMailingState } from './user-mailing.ts';

/**
 * Reminds users who were inactive for INACTIVE_AFTER_DAYS, and nobody twice of the same absence.
 * @param input - has no fields; it exists so that schedules and callers pass an object as to every workflow
 * @param carried - set by continue-as-new only
 */
export async function sendInactiveReminders(
  input: Readonly<Record<string, never>> = {},
  carried?: UserMailingState,
): Promise<UserMailing> {
  const state = carried ?? newUserMailing();
  const result = await tellUsers(state, (slice) => tasks.email.sendReminders({ ...slice, now: state.startedAt }));
  return result === 'more' ? continueAsNew<typeof sendInactiveReminders>(input, state) : result;
}
