/** Settings of outgoing mail. */
import path from 'node:path';
import { z } from 'zod';
import { parseAddress, parseMailbox } from '../contracts/values/email-address.ts';
import { withoutEnd } from '../contracts/values/text.ts';
import { folders, isHttpUrl, isUrl, mapped, number, optional, parsed, port } from './entries.ts';
import { projectDir } from './project.ts';

const isSmtpUrl = (value: string): boolean => isUrl(value, ['smtp:', 'smtps:']);

export const email = {
  /** `undefined` when the local stack is to provide an inbox. */
  smtpUrl: optional('SMTP_URL', 'smtp://user:password@host:port or smtps://…', isSmtpUrl, {
    doc: 'Server that mail is handed to. Unset: the local stack starts a development inbox that keeps every message and delivers none.',
    secret: true,
  }),
  from: parsed(
    'EMAIL_FROM',
    {
      expected: 'an address, or Name <address>',
      schema: z.string().refine((text) => parseMailbox(text) !== undefined),
      fallback: 'Perennial <noreply@example.com>',
    },
    { doc: 'Sender of every message.', defaultText: 'Perennial <noreply@example.com>' },
  ),
  adminEmail: parsed(
    'ADMIN_EMAIL',
    {
      expected: 'an address such as admin@example.com',
      schema: z.string().refine((text) => parseAddress(text) !== undefined),
      fallback: 'admin@example.com',
    },
    { doc: 'Who is told about daily reports and about changes of health.', defaultText: 'admin@example.com' },
  ),
  /** Without a slash at its end. */
  publicUrl: mapped(
    optional('PUBLIC_URL', 'an http or https URL', isHttpUrl, {
      doc: 'Address under which users reach the application; links in messages start with it.',
      defaultText: 'the address of the API',
    }),
    (url, { apiUrl }) => withoutEnd(url ?? apiUrl, /\//),
  ),
  smtpConnections: number(
    'SMTP_CONNECTIONS',
    10,
    { min: 1, max: 200 },
    { doc: 'Connections to the mail server that one worker holds at most.', unit: 'connections' },
  ),
  smtpTimeoutMs: number(
    'SMTP_TIMEOUT_MS',
    60_000,
    { min: 100, max: 280_000 },
    { doc: 'Longest silence of the mail server within one message.', unit: 'ms' },
  ),
  /** Absolute folders whose files may be attached by path. */
  attachmentRoots: folders(
    'ATTACHMENT_ROOTS',
    ({ stateDir }) => [path.join(stateDir, 'outgoing'), path.join(projectDir, 'samples')],
    {
      doc: 'Folders whose files may be attached to messages by path, separated like PATH (`:`, on Windows `;`).',
      defaultText: '`outgoing` in STATE_DIR and `samples` in the project folder',
    },
  ),
  attachmentMaxMb: number(
    'ATTACHMENT_MAX_MB',
    15,
    { min: 1, max: 100 },
    { doc: 'Most that the attachments of one message may have together.', unit: 'MB' },
  ),
  inactiveAfterDays: number(
    'INACTIVE_AFTER_DAYS',
    30,
    { min: 1, max: 3650 },
    { doc: 'A user who was inactive for this long is reminded.', unit: 'days' },
  ),
  /** Wanted ports of the development inbox, and how much it keeps. */
  inbox: {
    port: port('INBOX_PORT', 8025, {
      doc: 'Port of the page of the development inbox; the next free one when it is taken.',
    }),
    smtpPort: port('INBOX_SMTP_PORT', 1025, {
      doc: 'SMTP port of the development inbox; the next free one when it is taken.',
    }),
    maxMessages: number(
      'INBOX_MAX_MESSAGES',
      1_000,
      { min: 1, max: 1_000_000 },
      { doc: 'Messages that the development inbox keeps; older ones are deleted.', unit: 'messages' },
    ),
  },
};
