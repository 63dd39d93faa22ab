/** What the rest of the product knows of outgoing mail. */
import type { Attachment, EmailOutcome } from '../../contracts/email/schema.ts';
import type { PerennialError } from '../../contracts/failures.ts';

/** What a message says, whoever it goes to. */
export interface EmailContent {
  readonly subject: string;
  /** Plain text; made from `html` when absent. At least one of the two is needed. */
  readonly text?: string;
  readonly html?: string;
  readonly attachments?: readonly Attachment[];
  /** Goes to many: marked as such, so that no automatic answer comes back. @defaultValue false */
  readonly bulk?: boolean;
}

/** A message that lacks only its recipient: built once, sent to one or to thousands. */
export interface PreparedEmail {
  /** The whole message with its headers; the same bytes for the same arguments. */
  bytes(envelope: EmailEnvelope): Buffer;
}

/** What differs from one recipient to the next. */
export interface EmailEnvelope {
  readonly to: string;
  /** With angle brackets. */
  readonly messageId: string;
  readonly date: Date;
}

/** One message of a delivery. */
export interface OutgoingEmail {
  /** Business key: what was sent under it is never sent again. */
  readonly key: string;
  readonly to: string;
  readonly email: PreparedEmail;
  /** Place in the list of its mailing. */
  readonly position?: number;
}

/** What became of one message of a delivery. */
export type Delivered =
  | { readonly key: string; readonly status: 'sent'; readonly messageId: string }
  | { readonly key: string; readonly status: 'failed'; readonly failure: PerennialError }
  /** Not now; `failure.retryAfterMs` says when, where the server did. */
  | { readonly key: string; readonly status: 'deferred'; readonly failure: PerennialError };

/** How a delivery is made. */
export interface DeliveryOptions {
  readonly signal: AbortSignal;
  /** The mailing that the messages belong to. */
  readonly bulkId?: string;
  /** Messages that were refused for good are tried again. @defaultValue false */
  readonly retryFailed?: boolean;
  /** A message that is deferred now has failed. @defaultValue false */
  readonly giveUp?: boolean;
  /** When the mail server is away, what is left has failed, in place of an error. @defaultValue false */
  readonly giveUpOnServer?: boolean;
  /** Called now and then with the number of messages that have come to an end. */
  readonly onProgress?: (done: number) => void;
}

/** Hands messages to the mail server, each once. */
export interface Mailer {
  /** Address that `admin` stands for. */
  readonly adminEmail: string;
  /**
   * Builds a message; reads its attachments.
   *
   * @throws PerennialError `UnsafeHeader`, `AttachmentNotAllowed`, `AttachmentMissing`, `AttachmentTooLarge`, `BlobCorrupt`
   */
  prepare(content: EmailContent): Promise<PreparedEmail>;
  /**
   * Sends messages side by side, notes each in the ledger before and after, and
   * gives one outcome for each in their order.
   *
   * @throws PerennialError `EmailServerUnavailable`, `EmailAuthFailed`, `EmailTlsFailed`, `EmailNotConfigured` when no
   *   message can be sent at all; what was sent until then is noted
   */
  deliver(messages: readonly OutgoingEmail[], options: DeliveryOptions): Promise<readonly Delivered[]>;
}

/** An entry of a bulk that is no message: noted so that every recipient has an outcome. */
export interface NotedRecipient {
  readonly key: string;
  readonly position: number;
  readonly recipient: string;
  readonly status: 'failed' | 'duplicate';
  readonly failure: PerennialError;
}

/** Recipients of a mailing by outcome; those not yet reached are absent. */
export interface BulkCounts {
  readonly sent: number;
  readonly failed: number;
  readonly duplicates: number;
  readonly deferred: number;
}

/** The outcomes of mailings, from the ledger. */
export interface EmailOutcomes {
  /** Notes recipients that get no message; repeating it changes nothing. */
  note(bulkId: string, recipients: readonly NotedRecipient[]): Promise<void>;
  /** Outcomes behind a position (-1 for the first), in the order of the list; recipients not yet reached are absent. */
  outcomes(bulkId: string, after: number, limit: number): Promise<readonly EmailOutcome[]>;
  /** How many recipients of a mailing have which outcome by now. */
  counts(bulkId: string): Promise<BulkCounts>;
}

/** A message of the product's own, ready to be prepared. */
export type TemplatedEmail = Required<Pick<EmailContent, 'subject' | 'text' | 'html'>>;

/** What a digest tells of one user's week. */
export interface DigestFigures {
  readonly completed: number;
  readonly failed: number;
  readonly pages: number;
}

/** The messages that the product itself writes, in text and HTML; every value is escaped. */
export interface EmailTemplates {
  /** EMAIL-2: the link works for 24 hours. */
  verification(token: string): TemplatedEmail;
  /** EMAIL-3: the link works for 1 hour. */
  passwordReset(token: string): TemplatedEmail;
  welcome(name: string): TemplatedEmail;
  /** @param week - first and last day, as the user reads dates */
  digest(name: string, week: string, figures: DigestFigures): TemplatedEmail;
  /** @param days - since the last sign of life */
  reminder(name: string, days: number): TemplatedEmail;
}

/** Figures for digests. */
export interface DigestSource {
  /** What was read for users in a time, by user id; users without documents are absent. */
  figures(userIds: readonly string[], from: string, to: string): Promise<ReadonlyMap<string, DigestFigures>>;
}
