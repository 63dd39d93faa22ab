/**
 * The vocabulary of the e-mail domain: workflow names, ids, message names and
 * limits. No such string is written anywhere else.
 */

/** Name of the mail server as a provider; a worker puts the host of SMTP_URL behind it. */
export const SMTP = 'smtp';

/** Recipient of messages to the administrator; the worker replaces it by ADMIN_EMAIL. */
export const ADMIN_RECIPIENT = 'admin';

/** Most recipients in each of `to`, `cc` and `bcc` of a single message; more are a bulk. */
export const MESSAGE_RECIPIENTS = 50;

/** Most recipients in one bulk. */
export const MAX_BULK = 100_000;

/** Longest list of recipients that a start message carries; longer ones travel as a manifest. */
export const INLINE_RECIPIENTS = 5_000;

/** Recipients that one activity sends to: thousands of messages a minute pay for one activity, and a killed one repeats little. */
export const BULK_CHUNK = 500;

/** Chunks of one bulk in work at once: keeps the connections busy and leaves slots for mail that a user waits for. */
export const BULK_WINDOW = 4;

/** Users whose digests or reminders one activity sends. */
export const USER_SLICE = 500;

/** Up to this many outcomes stand in the summary itself; all of them can be listed by page. */
export const INLINE_EMAIL_OUTCOMES = 500;

/** Passes over recipients that asked to wait, the first included. */
export const EMAIL_ROUNDS = 6;

/** Names under which the workflows of this domain are started, also by the `temporal` command and by schedules. */
export const emailWorkflows = {
  sendBulkEmails: 'sendBulkEmails',
  onboardUser: 'onboardUser',
  sendWeeklyDigest: 'sendWeeklyDigest',
  sendInactiveReminders: 'sendInactiveReminders',
} as const;

/** Names of the messages that a running bulk understands. */
export const emailMessages = { progress: 'progress' } as const;

const PREFIXES = { single: 'email-', bulk: 'bulk-email-', onboarding: 'onboarding-' } as const;

/** The workflow id of a mailing; its business key, so that starting the same one twice is one mailing. */
export function emailWorkflowId(kind: keyof typeof PREFIXES, key: string): string {
  return PREFIXES[kind] + key;
}

/** Says whether an id is that of a mailing of a kind. */
export function isEmailWorkflowId(kind: keyof typeof PREFIXES, id: string): boolean {
  return id.startsWith(PREFIXES[kind]);
}

/** How the messages of a mailing stand; each recipient is counted once. */
export interface EmailTally {
  readonly sent: number;
  /** Refused for good, or not deliverable within six rounds. */
  readonly failed: number;
  /** Repetitions within one list; the first mention was sent. */
  readonly duplicates: number;
  /** Asked to wait: tried again in the next round. */
  readonly deferred: number;
}

/** What a running bulk answers to the `progress` query, at the same cost for ten and for 100,000 recipients. */
export interface BulkProgress extends EmailTally {
  readonly phase: 'preparing' | 'sending' | 'finishing' | 'finished' | 'cancelled';
  readonly total: number;
  /** From 1: the pass over recipients that is under way. */
  readonly round: number;
}

/** What `onboardUser` returns. */
export interface OnboardingResult {
  readonly status: 'onboarded';
  readonly user_id: string;
  /** False when the user had a profile before; it was left as it was. */
  readonly created: boolean;
}

/** What a mailing over all users returns. */
export interface UserMailing extends EmailTally {
  readonly status: 'finished';
  /** Users that were looked at. */
  readonly users: number;
}
