/** The activities of messages to all users as a script in memory, for workflow tests and recorded histories. */
import { ApplicationFailure } from '@temporalio/activity';
import type { Activities } from '../../../activities/shell/activity.ts';
import type { FailureType } from '../../../contracts/failures.ts';
import { unmarked } from '../../../contracts/values/sealed.ts';
import type { RecipientPageInput, RecipientPageOutput, ToldUser } from '../../../contracts/messages/schema.ts';

export interface MessageScript {
  /** Users, with the ids 001, 002 and so on. */
  readonly users: number;
  /** Ids of users who are to be told later, in so many rounds. */
  readonly deferred?: { readonly ids: readonly string[]; readonly rounds: number };
  /** Ids of users who cannot be told. */
  readonly failed?: readonly string[];
  /** The failure of all users. */
  readonly fails?: FailureType;
}

export interface ScriptedMessages {
  readonly activities: Activities;
  /** Users that were told, in the order of the calls. */
  readonly told: { readonly userId: string; readonly period: string; readonly round: number }[];
  readonly pages: RecipientPageInput[];
}

const PAUSE_MS = 5;

export function scriptMessages({ users, deferred, failed = [], fails }: MessageScript): ScriptedMessages {
  const ids = Array.from({ length: users }, (_, index) => String(index + 1).padStart(3, '0'));
  const done = new Set<string>();
  const told: ScriptedMessages['told'] = [];
  const pages: RecipientPageInput[] = [];
  const page = (input: RecipientPageInput): RecipientPageOutput => {
    pages.push(input);
    const all = ids.filter((id) => id > input.after).slice(0, input.limit);
    const userIds = all.filter((id) => !done.has(id));
    return {
      userIds,
      told: all.length - userIds.length,
      next: all.length === input.limit ? (all.at(-1) ?? null) : null,
    };
  };
  const tell = (userId: string, period: string, round: number): ToldUser => {
    told.push({ userId, period, round });
    if (fails !== undefined)
      throw ApplicationFailure.create({ type: fails, message: `scripted ${fails}`, nonRetryable: true });
    if (failed.includes(userId)) return { status: 'failed', failure: 'NoChannel', againAfterMs: 0 };
    if (deferred?.ids.includes(userId) === true && round <= deferred.rounds)
      return { status: 'deferred', failure: 'QuietHours', againAfterMs: PAUSE_MS };
    done.add(userId);
    return { status: 'sent', againAfterMs: 0 };
  };
  const activities: Activities = {
    'messages.listRecipients': (input) => Promise.resolve(page(input as RecipientPageInput)),
    'messages.reportToUser': (input) => {
      const { userId, month, round } = unmarked(input) as { userId: string; month: string; round: number };
      return Promise.resolve().then(() => tell(userId, month, round));
    },
    'messages.checkInOnUser': (input) => {
      const { userId, week, round } = unmarked(input) as { userId: string; week: string; round: number };
      return Promise.resolve().then(() => tell(userId, week, round));
    },
  };
  return { activities, told, pages };
}
