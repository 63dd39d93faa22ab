/** What a caller can do with text messages. */
import type { UserMailing } from '../../contracts/email/vocabulary.ts';
import type { SendMessageInput, SendMessageOutput } from '../../contracts/messages/schema.ts';
import type { JobHandle } from '../connection/jobs.ts';

/**
 * A text message before it has a key; without one, every call is a message of its own.
 *
 * @example
 * ```ts
 * import type { TextMessage } from './client/index.ts';
 *
 * const message: TextMessage = { to: '+4915112345678', body: 'The parcel is there.', messageKey: 'parcel-7' };
 * await perennial.messages.send(message);
 * ```
 */
export type TextMessage = Omit<SendMessageInput, 'messageKey'> & { readonly messageKey?: string | undefined };

/**
 * Text messages. Inputs are checked before anything is started (`InvalidInput`).
 *
 * @example
 * ```ts
 * const job = await perennial.messages.send({ to: '+4915112345678', body: 'The parcel is there.' });
 * console.log((await job.result()).segments);
 * ```
 */
export interface MessageJobs {
  /** Sends one message; the same key is the same message. @throws Conflict the key belongs to another message */
  send(message: TextMessage): Promise<JobHandle<SendMessageOutput>>;
  /** Sends every user who wants summaries the report of the month before, once a month. One run at a time. */
  sendMonthlyReports(): Promise<JobHandle<UserMailing>>;
  /** Asks every user who wants reminders how things are, once a week. One run at a time. */
  sendWeeklyCheckins(): Promise<JobHandle<UserMailing>>;
  /** The handle of a message, by its task id. Does not ask the server. */
  getMessage(taskId: string): JobHandle<SendMessageOutput>;
}
