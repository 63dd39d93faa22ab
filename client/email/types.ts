/** What a caller can do with mail. */
import type { BulkProgress, OnboardingResult, UserMailing } from '../../contracts/email/vocabulary.ts';
import type {
  BulkEmailInput,
  BulkEmailSummary,
  OnboardUserInput,
  SendEmailInput,
  SendEmailOutput,
} from '../../contracts/email/schema.ts';
import type { JobHandle, JobName } from '../connection/jobs.ts';

/**
 * A message before it has a key; without one, every call is a message of its own.
 *
 * @example
 * ```ts
 * import type { EmailMessage } from './client/index.ts';
 *
 * const message: EmailMessage = {
 *   to: 'ada@example.com',
 *   subject: 'Your order',
 *   body: 'It is on its way.',
 *   messageKey: 'order-4711-sent',
 * };
 * await perennial.email.send(message);
 * ```
 */
export type EmailMessage = Omit<SendEmailInput, 'messageKey'> & { readonly messageKey?: string | undefined };

/**
 * What starting a single message answers: plain data, whatever becomes of the message.
 *
 * @example
 * ```ts
 * const { task_id } = await perennial.email.sendVerification('ada@example.com', 'token-of-the-link');
 * console.log(task_id);
 * ```
 */
export interface QueuedEmail {
  readonly status: 'queued';
  readonly task_id: string;
}

/**
 * What a bulk is started with. Lists may hold up to 100,000 addresses: long ones travel as a manifest by themselves.
 *
 * @example
 * ```ts
 * import type { BulkStart } from './client/index.ts';
 *
 * const bulk: BulkStart = { recipients: ['ada@example.com'], subject: 'News', body: '<p>Hello</p>' };
 * await perennial.email.sendBulk(bulk, { id: 'newsletter-7' });
 * ```
 */
export type BulkStart = BulkEmailInput;

/**
 * What starting a bulk answers.
 *
 * @example
 * ```ts
 * const { group_id } = await perennial.email.sendBulk({ recipients: ['ada@example.com'], subject: 'News', body: 'Hello' });
 * console.log(await perennial.email.getBulk(group_id).status());
 * ```
 */
export interface QueuedBulk {
  readonly status: 'queued';
  /** Absent when the list is a manifest: its length is known once it is read. */
  readonly total_emails?: number;
  /** For `getBulk`. */
  readonly group_id: string;
  readonly task_id: string;
}

/**
 * A started bulk.
 *
 * @example
 * ```ts
 * const { phase, sent, failed } = await perennial.email.getBulk('newsletter-7').progress();
 * console.log(phase, sent, failed);
 * ```
 */
export interface BulkHandle extends JobHandle<BulkEmailSummary> {
  progress(): Promise<BulkProgress>;
}

/**
 * Mail. Inputs are checked before anything is started (`InvalidInput`).
 *
 * @example
 * ```ts
 * const job = await perennial.email.send({ to: 'ada@example.com', subject: 'Hello', body: 'Good morning' });
 * console.log((await job.result()).messageId);
 * ```
 */
export interface EmailJobs {
  /** Sends one message; the same key is the same message. @throws Conflict the key belongs to another message */
  send(message: EmailMessage): Promise<JobHandle<SendEmailOutput>>;
  /** Asks a user to verify an address. */
  sendVerification(userEmail: string, verificationToken: string): Promise<QueuedEmail>;
  /** Sends the link that sets a new password. */
  sendPasswordReset(userEmail: string, resetToken: string): Promise<QueuedEmail>;
  /** Welcomes a user. */
  sendWelcome(userEmail: string, name?: string): Promise<QueuedEmail>;
  /** One message for many, or joins the bulk with this id when it is running or done. @throws Conflict the bulk is another one */
  sendBulk(input: BulkStart, options?: JobName): Promise<QueuedBulk>;
  /** The handle of a bulk, by its group id or the id it was started with. Does not ask the server. */
  getBulk(id: string): BulkHandle;
  /** The handle of a single message, by its task id. Does not ask the server. */
  getEmail(taskId: string): JobHandle<SendEmailOutput>;
  /** Profile, welcome and, with a token, verification; the same user is the same onboarding. @throws Conflict it runs with other data */
  onboard(user: OnboardUserInput): Promise<JobHandle<OnboardingResult>>;
  /** Sends the weekly digest to all users that want it, as the schedule does. */
  sendWeeklyDigest(): Promise<JobHandle<UserMailing>>;
  /** Reminds inactive users, as the schedule does. */
  sendInactiveReminders(): Promise<JobHandle<UserMailing>>;
}
