/** Builds messages: the same bytes for the same content, recipient, key and date. */
import { createHash } from 'node:crypto';
import { convert } from 'html-to-text';
import MailComposer from 'nodemailer/lib/mail-composer';
import { PerennialError } from '../../contracts/failures.ts';
import type { LoadedAttachment } from './attachments.ts';
import type { EmailContent, EmailEnvelope, PreparedEmail } from './port.ts';

/** Characters that would end a header and start another. */

const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;

/** Stands where the recipient goes until there is one. */
const NOBODY = 'nobody@recipient.invalid';

/** Headers that differ from one recipient to the next. */
const OWN_HEADERS = /^(to|message-id|date):/i;

/** Refuses a text that would break out of its header (SEC-5). @throws PerennialError `UnsafeHeader` */
export function requireOneLine(text: string, field: string): void {
  if (CONTROL.test(text))
    throw new PerennialError('UnsafeHeader', `${field}: expected one line, got a text with control characters`);
}

/** The Message-ID of a business key: the same for every attempt (RFC 5322, 3.6.4). */
export function messageIdOf(key: string, domain: string): string {
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${domain}>`;
}

/** Builds everything but the headers that name the recipient, so that thousands can get the same message cheaply. */
export async function prepareEmail(
  content: EmailContent,
  from: string,
  attachments: readonly LoadedAttachment[],
): Promise<PreparedEmail> {
  requireOneLine(content.subject, 'subject');
  for (const { filename } of attachments) requireOneLine(filename, 'attachments: filename');
  const text = content.text ?? plainText(content.html ?? '');
  const whole = await build(content, from, text, attachments);
  const end = whole.indexOf('\r\n\r\n');
  const headers = whole.subarray(0, end).toString('latin1');
  const shared = unfolded(headers)
    .filter((line) => !OWN_HEADERS.test(line))
    .join('\r\n');
  const rest = Buffer.concat([Buffer.from(shared, 'latin1'), whole.subarray(end)]);
  return { bytes: (envelope) => Buffer.concat([ownHeaders(envelope), rest]) };
}

async function build(
  { subject, html, bulk }: EmailContent,
  from: string,
  text: string,
  attachments: readonly LoadedAttachment[],
): Promise<Buffer> {
  const composer = new MailComposer({
    from,
    to: NOBODY,
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    attachments: attachments.map((attachment) => ({ ...attachment })),
    messageId: `<${NOBODY}>`,
    date: new Date(0),
    baseBoundary: createHash('sha256').update(subject).update(text).digest('hex').slice(0, 24),
    // RFC 3834: nobody's vacation notice need answer a machine.
    headers: { 'Auto-Submitted': 'auto-generated', ...(bulk ? { Precedence: 'bulk' } : {}) },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** One entry for each header, its continuation lines with it. */
function unfolded(headers: string): readonly string[] {
  return headers.split(/\r\n(?![ \t])/);
}

function ownHeaders({ to, messageId, date }: EmailEnvelope): Buffer {
  requireOneLine(to, 'to');
  const lines = [`To: ${to}`, `Message-ID: ${messageId}`, `Date: ${date.toUTCString().replace(/GMT$/, '+0000')}`];
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1');
}

/** The text that readers without HTML see; links are written out. */
export function plainText(html: string): string {
  return convert(html, { wordwrap: 78, selectors: [{ selector: 'img', format: 'skip' }] });
}
