import { continueAsNew } from '@temporalio/workflow';
import type { UserMailing } from '../../contracts/email/vocabulary.ts';
import { monthBefore } from '../../contracts/messages/periods.ts';
import { reportRetry } from '../../contracts/messages/tasks.ts';
import { tasks } from '../calls/tasks.ts';
import { newUserMailing, type UserMailingState } from '../email/user-mailing.ts';
import { tellByPage } from './page.ts';

/**
 * Sends every user who wants summaries the report of the month before, once. A second start in the same month sends nothing
 * twice.
 * @param input - has no fields; it exists so that schedules and callers pass an object as to every workflow
 * @param carried - set by continue-as-new only
 */
export async function sendMonthlyReports(
  input: Readonly<Record<string, never>> = {},
  carried?: UserMailingState,
): Promise<UserMailing> {
  const state = carried ?? newUserMailing();
  const month = monthBefore(state.startedAt);
  const result = await tellByPage(state, {
    messageType: 'monthly_report',
    period: month,
    rounds: reportRetry.attempts,
    tell: (userId, round) => tasks.messages.reportToUser({ userId, month, round }),
  });
  return result === 'more' ? continueAsNew<typeof sendMonthlyReports>(input, state) : result;
}
