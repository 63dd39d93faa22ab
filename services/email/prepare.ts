/** Builds messages: the same content, recipient, key and date give the same bytes. */
import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { LoadedAttachment } from './attachments.ts';
import type { Mailbox } from '../../contracts/values/email-address.ts';
import { requireOneLine } from './headers.ts';
import type { RecipientHeaders, EmailContent, EmailEnvelope, PreparedEmail } from './port.ts';

/** Placeholder for the recipient of a prepared message. */
const NOBODY = 'nobody@recipient.invalid';

/** Headers that differ between recipients. */
const OWN_HEADERS = /^(to|message-id|date):/i;

/**
 * Builds everything but the headers that name the recipient, so that sending to thousands costs little more than to
 * one.
 */
export async function prepareEmail(
  content: EmailContent & { readonly text: string },
  from: string,
  attachments: readonly LoadedAttachment[],
): Promise<PreparedEmail> {
  requireOneLine(content.subject, 'subject');
  for (const { filename } of attachments) requireOneLine(filename, 'attachments: filename');
  const whole = await build(content, from, attachments);
  const end = whole.indexOf('\r\n\r\n');
  const headers = whole.subarray(0, end).toString('latin1');
  const shared = unfolded(headers)
    .filter((line) => !OWN_HEADERS.test(line))
    .join('\r\n');
  const rest = Buffer.concat([Buffer.from(shared, 'latin1'), whole.subarray(end)]);
  return { bytes: (envelope) => Buffer.concat([ownHeaders(envelope), rest]) };
}

async function build(
  { subject, text, html, bulk, replyTo = [] }: EmailContent & { readonly text: string },
  from: string,
  attachments: readonly LoadedAttachment[],
): Promise<Buffer> {
  const composer = new MailComposer({
    from,
    to: NOBODY,
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    ...(replyTo.length === 0 ? {} : { replyTo: named(replyTo) }),
    attachments: attachments.map((attachment) => ({ ...attachment })),
    messageId: `<${NOBODY}>`,
    date: new Date(0),
    baseBoundary: createHash('sha256').update(subject).update(text).digest('hex').slice(0, 24),
    // The header suppresses vacation notices and other automatic replies (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated', ...(bulk ? { Precedence: 'bulk' } : {}) },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** Splits headers into entries, each with its continuation lines. */
function unfolded(headers: string): readonly string[] {
  return headers.split(/\r\n(?![ \t])/);
}

const named = (mailboxes: readonly Mailbox[]): { name: string; address: string }[] =>
  mailboxes.map(({ name = '', address }) => ({ name, address }));

/** Names are encoded by the composer (RFC 2047); thousands of messages to a bare address do not pay for it. */
function recipientHeaders({ to, cc = [] }: RecipientHeaders): readonly string[] {
  const [first] = to;
  if (to.length === 1 && cc.length === 0 && first?.name === undefined) return [`To: ${first?.address ?? ''}`];
  const headers = new MailComposer({ to: named(to), cc: named(cc) }).compile().buildHeaders();
  return unfolded(headers).filter((line) => /^(to|cc):/i.test(line));
}

function ownHeaders({ messageId, date, ...headers }: EmailEnvelope): Buffer {
  for (const { name = '', address } of [...headers.to, ...(headers.cc ?? [])])
    requireOneLine(`${name}${address}`, 'to');
  const lines = [
    ...recipientHeaders(headers),
    `Message-ID: ${messageId}`,
    `Date: ${date.toUTCString().replace(/GMT$/, '+0000')}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1');
}
