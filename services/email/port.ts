/** The ports of outgoing mail. */
import type { Attachment, EmailOutcome } from '../../contracts/email/schema.ts';
import type { PerennialError } from '../../contracts/failures.ts';
import type { Mailbox } from '../../contracts/values/email-address.ts';

/** The content of a message, independent of its recipient. */
export interface EmailContent {
  readonly subject: string;
  /** Plain text; derived from `html` when absent. One of the two is required. */
  readonly text?: string;
  readonly html?: string;
  readonly attachments?: readonly Attachment[];
  /** Where answers go; absent for the sender. */
  readonly replyTo?: readonly Mailbox[];
  /**
   * Marks a message to many recipients, so that automatic replies are suppressed.
   * @defaultValue false
   */
  readonly bulk?: boolean;
}

/** A message without a recipient, which is built once and sent to one or to thousands. */
export interface PreparedEmail {
  /** Returns the whole message with its headers; the same arguments give the same bytes. */
  bytes(envelope: EmailEnvelope): Buffer;
}

/** Whom the headers of a message name. */
export interface RecipientHeaders {
  readonly to: readonly Mailbox[];
  readonly cc?: readonly Mailbox[];
}

/** The headers that differ between recipients. */
export interface EmailEnvelope extends RecipientHeaders {
  /** Message-ID in angle brackets. */
  readonly messageId: string;
  readonly date: Date;
}

/** One message of a delivery. */
export interface OutgoingEmail {
  /** Business key; what was sent under it is never sent again. */
  readonly key: string;
  /** The recipient: an address, or a name and an address. */
  readonly to: string;
  /** What the headers say about recipients; absent when `to` is the only one. */
  readonly headers?: RecipientHeaders;
  /**
   * Key that the Message-ID is derived from: copies of one message for several recipients share it.
   * @defaultValue `key`
   */
  readonly messageKey?: string;
  readonly email: PreparedEmail;
  /** Position in the list of its mailing. */
  readonly position?: number;
}

/** The outcome of one message of a delivery. */
export type Delivered =
  | { readonly key: string; readonly status: 'sent'; readonly messageId: string }
  | { readonly key: string; readonly status: 'failed'; readonly failure: PerennialError }
  /** Not sent yet; `failure.retryAfterMs` is the delay that the server asked for, if any. */
  | { readonly key: string; readonly status: 'deferred'; readonly failure: PerennialError };

/** Options of a delivery. */
export interface DeliveryOptions {
  readonly signal: AbortSignal;
  /** The mailing that the messages belong to. */
  readonly bulkId?: string;
  /**
   * Retries messages that were refused for good.
   * @defaultValue false
   */
  readonly retryFailed?: boolean;
  /**
   * Records a deferred message as failed.
   * @defaultValue false
   */
  readonly giveUp?: boolean;
  /**
   * Records the remaining messages as failed, instead of throwing, when the mail server is away.
   * @defaultValue false
   */
  readonly giveUpOnServer?: boolean;
  /** Called from time to time with the number of messages that have an outcome. */
  readonly onProgress?: (done: number) => void;
}

/** Hands messages to the mail server, each once. */
export interface Mailer {
  /** Address for the recipient `admin`. */
  readonly adminEmail: string;
  /**
   * Builds a message and reads its attachments.
   * @throws PerennialError `UnsafeHeader`, `AttachmentNotAllowed`, `AttachmentMissing`, `AttachmentTooLarge`,
   *   `BlobCorrupt`, `UnreadableHtml`; the signal's reason on abort
   */
  prepare(content: EmailContent, signal: AbortSignal): Promise<PreparedEmail>;
  /**
   * Sends messages concurrently, records each in the ledger before and after, and returns one outcome for each in their
   * order.
   * @throws PerennialError `EmailServerUnavailable`, `EmailAuthFailed`, `EmailTlsFailed`, `EmailNotConfigured` when no
   *   message can be sent at all; what was sent before is recorded
   */
  deliver(messages: readonly OutgoingEmail[], options: DeliveryOptions): Promise<readonly Delivered[]>;
}

/** An entry of a bulk that gets no message, recorded so that every recipient has an outcome. */
export interface NotedRecipient {
  readonly key: string;
  readonly position: number;
  readonly recipient: string;
  readonly status: 'failed' | 'duplicate';
  readonly failure: PerennialError;
}

/** Numbers of recipients of a mailing by outcome; those not yet reached are not counted. */
export interface BulkCounts {
  readonly sent: number;
  readonly failed: number;
  readonly duplicates: number;
  readonly deferred: number;
}

/** The outcomes of mailings, read from the ledger. */
export interface EmailOutcomes {
  /** Records recipients that get no message; a repetition changes nothing. */
  note(bulkId: string, recipients: readonly NotedRecipient[]): Promise<void>;
  /**
   * Returns outcomes after a position (-1 for the first), in the order of the list; recipients not yet reached are
   * absent.
   */
  outcomes(bulkId: string, after: number, limit: number): Promise<readonly EmailOutcome[]>;
  /** Counts the recipients of a mailing by their current outcome. */
  counts(bulkId: string): Promise<BulkCounts>;
}

/** One of the product's own messages, ready to be prepared. */
export type TemplatedEmail = Required<Pick<EmailContent, 'subject' | 'text' | 'html'>>;

/** The figures of one user's week in a digest. */
export interface DigestFigures {
  readonly completed: number;
  readonly failed: number;
  readonly pages: number;
}

/** The product's own messages in text and HTML; every value is escaped. */
export interface EmailTemplates {
  /** Asks a user to verify an address; the link works for 24 hours. */
  verification(token: string): TemplatedEmail;
  /** Sends the link that sets a new password; the link works for 1 hour. */
  passwordReset(token: string): TemplatedEmail;
  welcome(name: string): TemplatedEmail;
  /**
   * Summarises the week of a user.
   * @param week - first and last day, as the user reads dates
   */
  digest(name: string, week: string, figures: DigestFigures): TemplatedEmail;
  /**
   * Reminds an inactive user.
   * @param days - days since the user was last active
   */
  reminder(name: string, days: number): TemplatedEmail;
}

/** Reads the figures of digests. */
export interface DigestSource {
  /** Returns the figures of a period by user id; users without documents are absent. */
  figures(userIds: readonly string[], from: string, to: string): Promise<ReadonlyMap<string, DigestFigures>>;
}
