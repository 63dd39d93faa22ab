/** The mailer, built from the ledger, the SMTP pool and the attachment loader. */
import { PerennialError } from '../../contracts/failures.ts';
import { parseMailbox } from '../../contracts/values/email-address.ts';
import type { Database } from '../database/pool.ts';
import type { AttachmentLoader } from './attachments.ts';
import { deliver } from './delivery.ts';
import { createEmailLedger } from './ledger.ts';
import type { Mailer } from './port.ts';
import { requireOneLine } from './headers.ts';
import { createSmtpTransport, type SmtpOptions } from './smtp.ts';
import { createTexts } from './texts.ts';

/** What {@link createMailer} needs. */
export interface MailerOptions extends SmtpOptions {
  readonly database: Database;
  /** Sender: an address, or a name followed by an address in angle brackets. */
  readonly from: string;
  readonly adminEmail: string;
  readonly attachments: AttachmentLoader;
}

/** A mailer whose connections can be closed. */
export interface SmtpMailer extends Mailer {
  close(): Promise<void>;
}

/**
 * Creates a mailer. Nothing is connected before the first message.
 * @throws PerennialError `UnsafeHeader`, `InvalidRecipient` for an invalid sender
 */
export function createMailer({ database, from, adminEmail, attachments, ...smtp }: MailerOptions): SmtpMailer {
  requireOneLine(from, 'EMAIL_FROM');
  const address = parseMailbox(from)?.address;
  if (address === undefined)
    throw new PerennialError('InvalidRecipient', 'EMAIL_FROM: expected an address or Name <address>, got another form');
  const transport = createSmtpTransport(smtp);
  const texts = createTexts();
  const parts = {
    ledger: createEmailLedger(database),
    transport,
    from: address,
    domain: address.slice(address.lastIndexOf('@') + 1),
  };
  return {
    adminEmail,
    prepare: async (content, signal) => {
      const { html } = content;
      const text = content.text ?? (html === undefined ? '' : await texts.of(html, signal));
      const { prepareEmail } = await import('./prepare.ts'); // it loads the library that composes messages
      return prepareEmail({ ...content, text }, from, await attachments(content.attachments ?? []));
    },
    deliver: (messages, options) => deliver(parts, messages, options),
    close: async () => {
      await Promise.all([transport.close(), texts.close()]);
    },
  };
}
