/** What users are told at fixed times: one of them by its task, all of them by a workflow. */
import { failures, PerennialError } from '../../contracts/failures.ts';
import type {
  CheckInOnUserInput,
  MonthlyReportInput,
  RecipientPageInput,
  RecipientPageOutput,
  ReportToUserInput,
  ToldUser,
  UserMessageOutput,
  WeeklyCheckinInput,
} from '../../contracts/messages/schema.ts';
import { boundsOfMonth, mondayOf, monthBefore } from '../../contracts/messages/periods.ts';
import { checkinRetry, reportRetry } from '../../contracts/messages/tasks.ts';
import { regularKey } from '../../contracts/messages/vocabulary.ts';
import { retryDelayMs, type RetryRule } from '../../contracts/tasks/retry-rules.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { MessagePorts } from './ports.ts';
import { sendToUser } from './users.ts';

/** Lists a page of users, and tells which of them have to be told. */
export async function listRecipients(
  { contacts }: MessagePorts,
  { messageType, period, after, limit }: RecipientPageInput,
): Promise<RecipientPageOutput> {
  const page = await contacts.page({ messageType, keyPrefix: regularKey(messageType, period), after, limit });
  const userIds = page.filter(({ told }) => !told).map(({ userId }) => userId);
  const last = page.at(-1);
  return {
    userIds,
    told: page.length - userIds.length,
    next: last !== undefined && page.length === limit ? last.userId : null,
  };
}

/** Sends a user the report of a month. */
export async function sendMonthlyReport(
  ports: MessagePorts,
  { userId, month = monthBefore(ports.now().toISOString()) }: MonthlyReportInput,
  context: TaskContext,
): Promise<UserMessageOutput> {
  const { from, until } = boundsOfMonth(month);
  const {
    completed = 0,
    failed = 0,
    pages = 0,
  } = (await ports.digests.figures([userId], from, until)).get(userId) ?? {};
  const body =
    `Your month ${month}: ${String(completed)} documents of ${String(pages)} pages were read, ` +
    `and ${String(failed)} could not be read.`;
  const messageKey = regularKey('monthly_report', month) + userId;
  const message = { userId, messageKey, messageType: 'monthly_report', body, only: 'email', bulk: true } as const;
  return sendToUser(ports, { ...message, subject: `Your report of ${month}` }, context);
}

/** Fits into one part, and says how to end it, which is the law in many countries. */
const CHECK_IN = 'How are you doing this week? Answer us if you have a question, or STOP to get no more messages.';

/** Asks a user how things are. */
export function sendWeeklyCheckin(
  ports: MessagePorts,
  { userId, week }: WeeklyCheckinInput,
  context: TaskContext,
): Promise<UserMessageOutput> {
  const messageKey = regularKey('weekly_checkin', mondayOf(week ?? ports.now().toISOString())) + userId;
  const message = { userId, messageKey, messageType: 'weekly_checkin', body: CHECK_IN, bulk: true } as const;
  return sendToUser(ports, message, context);
}

/** Sends the report of a month to one of all users. */
export function reportToUser(
  ports: MessagePorts,
  { round, ...input }: ReportToUserInput,
  context: TaskContext,
): Promise<ToldUser> {
  return outcomeOf(sendMonthlyReport(ports, input, context), {
    rule: reportRetry,
    round,
    scale: ports.retryDelayScale,
  });
}

/** Asks one of all users how things are. */
export function checkInOnUser(
  ports: MessagePorts,
  { round, ...input }: CheckInOnUserInput,
  context: TaskContext,
): Promise<ToldUser> {
  return outcomeOf(sendWeeklyCheckin(ports, input, context), {
    rule: checkinRetry,
    round,
    scale: ports.retryDelayScale,
  });
}

interface Round {
  readonly rule: RetryRule;
  /** From 1. */
  readonly round: number;
  readonly scale: number;
}

/**
 * Returns what became of a message. What keeps one user makes nobody else wait; what keeps all of them is thrown.
 * @throws the failure of the store, of the installation, and of whoever stops the work
 */
async function outcomeOf(sending: Promise<UserMessageOutput>, { rule, round, scale }: Round): Promise<ToldUser> {
  try {
    await sending;
    return { status: 'sent', againAfterMs: 0 };
  } catch (error) {
    if (!(error instanceof PerennialError) || concernsAll(error)) throw error;
    const isOver = failures[error.type].class === 'permanent' || round >= rule.attempts;
    if (isOver) return { status: 'failed', failure: error.type, againAfterMs: 0 };
    const againAfterMs = Math.ceil((error.retryAfterMs ?? retryDelayMs(rule, round)) * scale);
    return { status: 'deferred', failure: error.type, againAfterMs };
  }
}

const OF_STORE = /^(?:Database|Storage)/;

function concernsAll({ type }: PerennialError): boolean {
  return failures[type].class === 'configuration' || OF_STORE.test(type);
}
