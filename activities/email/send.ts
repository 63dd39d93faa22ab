import { createHash } from 'node:crypto';
import { ADMIN_RECIPIENT } from '../../contracts/email/vocabulary.ts';
import type { SendEmailInput, SendEmailOutput } from '../../contracts/email/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { type Mailbox, parseMailbox } from '../../contracts/values/email-address.ts';
import type { RecipientHeaders, Delivered, EmailContent, TemplatedEmail } from '../../services/email/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { EmailPorts } from './ports.ts';

/** A recipient, and the field that names it. */
interface Recipient {
  readonly field: string;
  readonly mailbox: Mailbox;
}

/**
 * Sends one message, to each recipient by itself, so that one that is refused costs the others nothing. A second run
 * with the same key sends nothing to those who have it and returns the same result.
 */
export async function sendEmail(
  ports: EmailPorts,
  { messageKey, to, cc = [], bcc = [], replyTo = [], body, html, textBody, subject, attachments }: SendEmailInput,
  context: TaskContext,
): Promise<SendEmailOutput> {
  const mailboxes = (entries: readonly string[]): Mailbox[] => entries.map((entry) => mailboxOf(ports, entry));
  const headers = { to: mailboxes(typeof to === 'string' ? [to] : to), cc: mailboxes(cc) };
  const recipients = distinct([
    ...fields('to', headers.to),
    ...fields('cc', headers.cc),
    ...fields('bcc', mailboxes(bcc)),
  ]);
  const content: EmailContent = {
    subject,
    ...(html === true ? { html: body, ...(textBody === undefined ? {} : { text: textBody }) } : { text: body }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(replyTo.length === 0 ? {} : { replyTo: mailboxes(replyTo) }),
  };
  return sendOnce(ports, { key: messageKey, recipients, headers }, content, context);
}

function mailboxOf({ mailer }: EmailPorts, entry: string): Mailbox {
  const text = entry === ADMIN_RECIPIENT ? mailer.adminEmail : entry;
  const mailbox = parseMailbox(text);
  if (mailbox !== undefined) return mailbox;
  throw new PerennialError('InvalidRecipient', 'to: expected an e-mail address, got something else');
}

const fields = (field: string, mailboxes: readonly Mailbox[]): Recipient[] =>
  mailboxes.map((mailbox, n) => ({ field: mailboxes.length === 1 ? field : `${field}[${String(n)}]`, mailbox }));

/** Keeps the first mention of each address. */
function distinct(recipients: readonly Recipient[]): readonly Recipient[] {
  const seen = new Set<string>();
  return recipients.filter(({ mailbox: { address } }) => {
    const known = seen.has(address.toLowerCase());
    seen.add(address.toLowerCase());
    return !known;
  });
}

/** Returns what tells whether two entries of a list mean one recipient, also for an entry that is no address. */
export function canonicalRecipient(entry: string): string {
  return (parseMailbox(entry)?.address ?? entry).toLowerCase();
}

/**
 * Sends one of the product's own messages. Its key is derived from its purpose, so that two requests send one message;
 * the parts of the key are hashed, because keys are visible.
 */
export async function sendTemplated(
  ports: EmailPorts,
  { kind, to, about }: { readonly kind: string; readonly to: string; readonly about: string },
  email: TemplatedEmail,
  context: TaskContext,
): Promise<SendEmailOutput> {
  const mailbox = mailboxOf(ports, to);
  const key = `${kind}:${fingerprint(`${canonicalRecipient(to)}\n${about}`)}`;
  return sendOnce(ports, { key, recipients: [{ field: 'to', mailbox }], headers: { to: [mailbox] } }, email, context);
}

/** Identifies a text without disclosing it. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}

interface Message {
  readonly key: string;
  readonly recipients: readonly Recipient[];
  readonly headers: RecipientHeaders;
}

async function sendOnce(
  { mailer }: EmailPorts,
  { key, recipients, headers }: Message,
  content: EmailContent,
  { signal }: TaskContext,
): Promise<SendEmailOutput> {
  // The message is built before the ledger is written, so that a missing attachment leaves no row there.
  const email = await mailer.prepare(content, signal);
  const messages = recipients.map(({ mailbox: { address } }, n) => ({
    key: n === 0 ? key : `${key}#${fingerprint(address.toLowerCase())}`,
    messageKey: key,
    to: address,
    headers,
    email,
  }));
  const delivered = await mailer.deliver(messages, { signal, retryFailed: true });
  const [first] = delivered;
  if (first === undefined) throw new TypeError('expected one outcome for each recipient, got none');
  if (first.status !== 'sent' || delivered.some(({ status }) => status !== 'sent'))
    throw failureOf(recipients, delivered);
  const all = recipients.map(({ mailbox }) => mailbox.address);
  const [recipient = ''] = all;
  return { status: 'sent', recipient, ...(all.length > 1 ? { recipients: all } : {}), messageId: first.messageId };
}

/** Returns the failure of the first recipient that can still get the message, else of the first that was refused. */
function failureOf(recipients: readonly Recipient[], delivered: readonly Delivered[]): PerennialError {
  const open = delivered.flatMap((outcome, n) =>
    outcome.status === 'sent' ? [] : [{ ...outcome, field: recipients[n]?.field ?? 'to' }],
  );
  const one = open.find(({ status }) => status === 'deferred') ?? open[0];
  if (one === undefined) throw new TypeError('expected a recipient without the message, got none');
  const { failure, field } = one;
  if (delivered.length === 1) return failure;
  const have = `${String(delivered.length - open.length)} of ${String(delivered.length)} recipients have the message`;
  const { retryAfterMs } = failure;
  return new PerennialError(failure.type, `${field}: ${failure.message}; ${have}`, {
    cause: failure,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
