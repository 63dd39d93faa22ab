import { continueAsNew } from '@temporalio/workflow';
import type { UserMailing } from '../../contracts/email/vocabulary.ts';
import { mondayOf } from '../../contracts/messages/periods.ts';
import { checkinRetry } from '../../contracts/messages/tasks.ts';
import { tasks } from '../calls/tasks.ts';
import { newUserMailing, type UserMailingState } from '../email/user-mailing.ts';
import { tellByPage } from './page.ts';

/**
 * Asks every user who wants reminders how things are, once a week. A second start in the same week asks nobody twice.
 * @param input - has no fields; it exists so that schedules and callers pass an object as to every workflow
 * @param carried - set by continue-as-new only
 */
export async function sendWeeklyCheckins(
  input: Readonly<Record<string, never>> = {},
  carried?: UserMailingState,
): Promise<UserMailing> {
  const state = carried ?? newUserMailing();
  const week = mondayOf(state.startedAt);
  const result = await tellByPage(state, {
    messageType: 'weekly_checkin',
    period: week,
    rounds: checkinRetry.attempts,
    tell: (userId, round) => tasks.messages.checkInOnUser({ userId, week, round }),
  });
  return result === 'more' ? continueAsNew<typeof sendWeeklyCheckins>(input, state) : result;
}
