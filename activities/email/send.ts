import { createHash } from 'node:crypto';
import { ADMIN_RECIPIENT } from '../../contracts/email/vocabulary.ts';
import type { SendEmailInput, SendEmailOutput } from '../../contracts/email/schema.ts';
import type { EmailContent, TemplatedEmail } from '../../services/email/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { EmailPorts } from './ports.ts';

/** Sends one message. A second run with the same key sends nothing and returns the same result. */
export async function sendEmail(
  ports: EmailPorts,
  { messageKey, to, body, html, ...rest }: SendEmailInput,
  context: TaskContext,
): Promise<SendEmailOutput> {
  const { attachments, subject } = rest;
  const content: EmailContent = {
    subject,
    ...(html === true ? { html: body } : { text: body }),
    ...(attachments === undefined ? {} : { attachments }),
  };
  return sendOnce(
    ports,
    { key: messageKey, to: to === ADMIN_RECIPIENT ? ports.mailer.adminEmail : to },
    content,
    context,
  );
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
  return sendOnce(ports, { key: `${kind}:${fingerprint(`${to.toLowerCase()}\n${about}`)}`, to }, email, context);
}

/** Identifies a text without disclosing it. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}

async function sendOnce(
  { mailer }: EmailPorts,
  message: { readonly key: string; readonly to: string },
  content: EmailContent,
  { signal }: TaskContext,
): Promise<SendEmailOutput> {
  // The message is built before the ledger is written, so that a missing attachment leaves no row there.
  const email = await mailer.prepare(content, signal);
  const [delivered] = await mailer.deliver([{ ...message, email }], { signal, retryFailed: true });
  if (delivered === undefined) throw new TypeError('expected one outcome for one message, got none');
  if (delivered.status !== 'sent') throw delivered.failure;
  return { status: 'sent', recipient: message.to, messageId: delivered.messageId };
}
