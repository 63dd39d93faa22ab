/** What a caller can do with mail. */
import type { BulkProgress, OnboardingResult, UserMailing } from '../../contracts/email/vocabulary.ts';
import type {
  BulkEmailInput,
  BulkEmailSummary,
  OnboardUserInput,
  SendEmailInput,
  SendEmailOutput,
} from '../../contracts/email/schema.ts';
import type { JobHandle } from '../connection/jobs.ts';

/** A message before it has a key; without one, every call is a message of its own. */
export type EmailMessage = Omit<SendEmailInput, 'messageKey'> & { readonly messageKey?: string | undefined };

/** What starting a single message answers (P3-40): plain data, whatever becomes of the message. */
export interface QueuedEmail {
  readonly status: 'queued';
  readonly task_id: string;
}

/** What a bulk is started with. Lists may hold up to 100,000 addresses: long ones travel as a manifest by themselves. */
export type BulkStart = BulkEmailInput;

/** What starting a bulk answers (EMAIL-4). */
export interface QueuedBulk {
  readonly status: 'queued';
  /** Absent when the list is a manifest: its length is known once it is read. */
  readonly total_emails?: number;
  /** For `getBulk`. */
  readonly group_id: string;
  readonly task_id: string;
}

/** A started bulk. */
export interface BulkHandle extends JobHandle<BulkEmailSummary> {
  progress(): Promise<BulkProgress>;
}

/** Mail. Inputs are checked before anything is started (`InvalidInput`). */
export interface EmailJobs {
  /** Sends one message (EMAIL-1); the same key is the same message. */
  send(message: EmailMessage): Promise<JobHandle<SendEmailOutput>>;
  /** Asks a user to verify an address (EMAIL-2). */
  sendVerification(userEmail: string, verificationToken: string): Promise<QueuedEmail>;
  /** Sends the link that sets a new password (EMAIL-3). */
  sendPasswordReset(userEmail: string, resetToken: string): Promise<QueuedEmail>;
  /** Welcomes a user (EMAIL-5). */
  sendWelcome(userEmail: string, name?: string): Promise<QueuedEmail>;
  /** One message for many (EMAIL-4), or joins the bulk with this id when it is running or done. */
  sendBulk(input: BulkStart, options?: { readonly id?: string | undefined }): Promise<QueuedBulk>;
  /** The handle of a bulk, by its group id or the id it was started with. Does not ask the server. */
  getBulk(id: string): BulkHandle;
  /** The handle of a single message, by its task id. Does not ask the server. */
  getEmail(taskId: string): JobHandle<SendEmailOutput>;
  /** Profile, welcome and, with a token, verification (EMAIL-5); the same user is the same onboarding. */
  onboard(user: OnboardUserInput): Promise<JobHandle<OnboardingResult>>;
  /** Sends the weekly digest to all users that want it (EMAIL-6), as the schedule does. */
  sendWeeklyDigest(): Promise<JobHandle<UserMailing>>;
  /** Reminds inactive users (EMAIL-7), as the schedule does. */
  sendInactiveReminders(): Promise<JobHandle<UserMailing>>;
}
