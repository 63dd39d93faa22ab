import { type RegularMessage, USER_PAGE, USER_WINDOW } from '../../contracts/messages/vocabulary.ts';
import type { UserSliceOutput } from '../../contracts/email/schema.ts';
import type { ToldUser } from '../../contracts/messages/schema.ts';
import { group } from '../calls/composition.ts';
import { tasks } from '../calls/tasks.ts';
import { type SendSlice, tellUsers, type UserMailingState } from '../email/user-mailing.ts';
import type { UserMailing } from '../../contracts/email/vocabulary.ts';

/** What all users are told. */
interface RegularMailing {
  readonly messageType: RegularMessage;
  /** Part of the key of each message, so that each user is told once in it. */
  readonly period: string;
  /** Passes over users who are to be told later, the first included. */
  readonly rounds: number;
  /** Tells one user. */
  readonly tell: (userId: string, round: number) => Promise<ToldUser>;
}

/**
 * Tells all users something, page by page. Each user is an activity, so that the rate of the queue holds for messages, over
 * all workers and whatever else is sent there.
 */
export function tellByPage(state: UserMailingState, mailing: RegularMailing): Promise<UserMailing | 'more'> {
  return tellUsers(state, pageOf(mailing), { limit: USER_PAGE, rounds: mailing.rounds });
}

function pageOf({ messageType, period, tell }: RegularMailing): SendSlice {
  return async ({ round, ...slice }): Promise<UserSliceOutput> => {
    const { userIds, told, next } = await tasks.messages.listRecipients({ messageType, period, ...slice });
    const members = userIds.map((userId) => () => tell(userId, round));
    const outcomes = await group(members, { limit: USER_WINDOW, join: 'stop' });
    const of = (status: ToldUser['status']): number => outcomes.filter((one) => one.status === status).length;
    return {
      sent: told + of('sent'),
      failed: of('failed'),
      duplicates: 0,
      deferred: of('deferred'),
      againAfterMs: Math.max(0, ...outcomes.map(({ againAfterMs }) => againAfterMs)),
      users: told + userIds.length,
      next,
    };
  };
}
