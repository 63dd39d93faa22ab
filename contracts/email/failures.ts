/** Failures of the e-mail domain. What an SMTP server answers is told apart by its code (RFC 5321, RFC 3463). */
import type { FailureRule } from '../failures/rule.ts';

export const emailFailures = {
  InvalidRecipient: {
    class: 'permanent',
    cause: 'A recipient is not an e-mail address.',
    remedy: 'Correct the address; expected one such as name@example.com, without a display name.',
  },
  DuplicateRecipient: {
    class: 'permanent',
    cause: 'One bulk holds the same address more than once.',
    remedy: 'Nothing: the first mention was sent. Remove the repetition to silence this.',
  },
  RecipientRejected: {
    class: 'permanent',
    cause: 'The mail server refused the recipient for good (5xx after RCPT TO).',
    remedy: 'Check the address; take it off the list when the mailbox no longer exists.',
  },
  MessageRejected: {
    class: 'permanent',
    cause: 'The mail server refused the message or its sender for good (5xx).',
    remedy: 'Read what the server answered: size, contents or EMAIL_FROM may be the reason.',
  },
  EmailDeferred: {
    class: 'transient',
    cause: 'The mail server could not take the message now (4xx).',
    remedy: 'Retried by itself. Look at the server if it lasts.',
  },
  EmailGreylisted: {
    class: 'throttled',
    cause: 'The mail server wants to see the message again later (greylisting), or is too busy (421).',
    remedy: 'Retried after the time the server asked for, five minutes where it names none.',
  },
  EmailServerUnavailable: {
    class: 'transient',
    cause: 'The mail server could not be reached, timed out, or ended the connection.',
    remedy: 'Retried by itself. Check the server and SMTP_URL if it lasts.',
  },
  EmailAuthFailed: {
    class: 'configuration',
    cause: 'The mail server refused the user or the password, or asks for one.',
    remedy: 'Correct user and password in SMTP_URL.',
  },
  EmailTlsFailed: {
    class: 'configuration',
    cause: 'No trusted encrypted connection to the mail server could be made.',
    remedy: 'Check the certificate of the server, and smtp:// or smtps:// in SMTP_URL.',
  },
  EmailNotConfigured: {
    class: 'configuration',
    cause: 'There is no mail server to hand messages to.',
    remedy: 'Set SMTP_URL, or start the local stack, which brings a development inbox.',
  },
  UnsafeHeader: {
    class: 'permanent',
    cause: 'A line break or another control character in what becomes a header of the message.',
    remedy: 'Remove it: nobody but an attacker needs one there.',
  },
  UnreadableHtml: {
    class: 'permanent',
    cause: 'Deriving the text of an HTML message took more time or memory than one message may.',
    remedy: 'Simplify the HTML: fewer elements, and fewer of them inside each other.',
  },
  AttachmentNotAllowed: {
    class: 'permanent',
    cause: 'The path of an attachment, or what its links point to, lies outside the allowed folders.',
    remedy: 'Move the file, or add its folder to ATTACHMENT_ROOTS.',
  },
  AttachmentMissing: {
    class: 'permanent',
    cause: 'There is no file at the path of an attachment.',
    remedy: 'Put the file back, or leave the attachment out.',
  },
  AttachmentTooLarge: {
    class: 'permanent',
    cause: 'The attachments of a message are larger than the limit together.',
    remedy: 'Send a link in place of the file, or raise ATTACHMENT_MAX_MB if the mail server takes it.',
  },
  MessageKeyReused: {
    class: 'permanent',
    cause: 'The message key was used for another recipient before.',
    remedy: 'Give every message a key of its own; only repetitions of one message share it.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
