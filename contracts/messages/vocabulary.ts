/** The vocabulary of text messages: ids, limits and words. No such string is written anywhere else. */

/** Name of the provider of text messages; a worker puts the host of TWILIO_API_URL behind it. */
export const TWILIO = 'twilio';

/** Most characters of one message, counted as UTF-16 code units; the provider refuses longer ones. */
export const MAX_MESSAGE_CHARACTERS = 1_600;

/** What a message is about. */
export const MESSAGE_TYPES = [
  'direct',
  'financial_alert',
  'payment_reminder',
  'weekly_checkin',
  'monthly_report',
  'education',
] as const;

/** What a message is about. */
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** What all users are told at fixed times. */
export const REGULAR_MESSAGES = ['monthly_report', 'weekly_checkin'] as const;

/** What all users are told at fixed times. */
export type RegularMessage = (typeof REGULAR_MESSAGES)[number];

/** The message key of what a user is told once in a period, without the id of the user, which follows it. */
export function regularKey(messageType: RegularMessage, period: string): string {
  return `${messageType}:${period}:`;
}

/** What a phone network makes of a message. The last three are final. */
export const DELIVERY_STATUSES = ['queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed'] as const;

/** What a phone network makes of a message. */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What users do with what they are told. */
export const ENGAGEMENTS = ['answered', 'opened', 'clicked'] as const;

/** What users do with what they are told. */
export type Engagement = (typeof ENGAGEMENTS)[number];

/** Names under which the workflows of this domain are started, also by the `temporal` command and by schedules. */
export const messageWorkflows = {
  sendMonthlyReports: 'sendMonthlyReports',
  sendWeeklyCheckins: 'sendWeeklyCheckins',
} as const;

/** Users of one page of a message to all: few, because each of them is an activity, which the queue's rate counts. */
export const USER_PAGE = 100;

/** Users of a page who are written to at once. */
export const USER_WINDOW = 50;

const PREFIX = 'message-';

/** The workflow id of a message; its business key, so that starting the same one twice is one message. */
export function messageWorkflowId(name: string): string {
  return PREFIX + name;
}

/** Says whether an id is that of a message. */
export function isMessageWorkflowId(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** Paths at which the provider tells news: how a message stands, and what its recipient answers. */
export const NEWS_PATHS = { status: '/v1/messages/news/status', answer: '/v1/messages/news/answers' } as const;
