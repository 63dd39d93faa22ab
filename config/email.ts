/** Settings of outgoing mail. */
import path from 'node:path';
import { z } from 'zod';
import { isUrl, number, optional, port, text, type ValuesOf } from './entries.ts';
import { withoutEnd } from '../contracts/values/text.ts';

export const emailEntries = {
  SMTP_URL: optional('smtp://user:password@host:port or smtps://…', (value) => isUrl(value, ['smtp:', 'smtps:']), {
    doc: 'Server that mail is handed to. Unset: the local stack starts a development inbox that keeps every message to itself.',
    secret: true,
  }),
  EMAIL_FROM: {
    ...text('Perennial <noreply@example.com>', { doc: 'Sender of every message.' }),
    expected: 'an address, or Name <address>',
    schema: z.string().regex(/^([^<>\p{Cc}]*<[^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]+>|[^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]+)$/u),
  },
  ADMIN_EMAIL: {
    ...text('admin@example.com', {
      doc: 'Who is told about daily reports and about changes of health (EMAIL-8).',
    }),
    expected: 'an address such as admin@example.com',
    schema: z.email(),
  },
  PUBLIC_URL: optional('an http or https URL', (value) => isUrl(value, ['http:', 'https:']), {
    doc: 'Address under which users reach the application; links in messages start with it.',
    defaultText: 'the address of the API',
  }),
  SMTP_CONNECTIONS: number(
    10,
    { min: 1, max: 200 },
    { doc: 'Connections to the mail server that one worker holds at most.', unit: 'connections' },
  ),
  SMTP_TIMEOUT_MS: number(
    60_000,
    { min: 100, max: 280_000 },
    { doc: 'Longest silence of the mail server within one message.', unit: 'ms' },
  ),
  ATTACHMENT_ROOTS: optional('folders, separated like PATH', () => true, {
    doc: 'Folders whose files may be attached to messages by path, separated like PATH (`:`, on Windows `;`).',
    defaultText: '`outgoing` in STATE_DIR and `samples` in the project folder',
  }),
  ATTACHMENT_MAX_MB: number(
    15,
    { min: 1, max: 100 },
    { doc: 'Most that the attachments of one message may have together.', unit: 'MB' },
  ),
  INACTIVE_AFTER_DAYS: number(
    30,
    { min: 1, max: 3650 },
    { doc: 'A user without a sign of life for so long is reminded (EMAIL-7).', unit: 'days' },
  ),
  INBOX_PORT: port(8025, { doc: 'Port of the page of the development inbox; the next free one when it is taken.' }),
  INBOX_SMTP_PORT: port(1025, {
    doc: 'SMTP port of the development inbox; the next free one when it is taken.',
  }),
  INBOX_MAX_MESSAGES: number(
    1_000,
    { min: 1, max: 1_000_000 },
    { doc: 'Messages that the development inbox keeps; older ones make room.', unit: 'messages' },
  ),
};

/** How mail leaves. */
export interface EmailConfig {
  /** `undefined` when the local stack is to provide an inbox. */
  readonly smtpUrl: string | undefined;
  readonly from: string;
  readonly adminEmail: string;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  readonly smtpConnections: number;
  readonly smtpTimeoutMs: number;
  /** Absolute folders whose files may be attached by path. */
  readonly attachmentRoots: readonly string[];
  readonly attachmentMaxMb: number;
  readonly inactiveAfterDays: number;
  /** Wanted ports of the development inbox, and how much it keeps. */
  readonly inbox: { readonly port: number; readonly smtpPort: number; readonly maxMessages: number };
}

/** What the defaults of {@link emailConfig} are made from. */
export interface EmailSurroundings {
  readonly apiUrl: string;
  /** Folders whose files may be attached unless ATTACHMENT_ROOTS says otherwise. */
  readonly attachmentRoots: readonly string[];
  /** Cuts a list of folders. */
  readonly folders: (list: string) => string[];
}

/** Groups the values of {@link emailEntries}. */
export function emailConfig(v: ValuesOf<typeof emailEntries>, defaults: EmailSurroundings): EmailConfig {
  return {
    smtpUrl: v.SMTP_URL,
    from: v.EMAIL_FROM,
    adminEmail: v.ADMIN_EMAIL,
    publicUrl: withoutEnd(v.PUBLIC_URL ?? defaults.apiUrl, /\//),
    smtpConnections: v.SMTP_CONNECTIONS,
    smtpTimeoutMs: v.SMTP_TIMEOUT_MS,
    attachmentRoots: v.ATTACHMENT_ROOTS === undefined ? defaults.attachmentRoots : defaults.folders(v.ATTACHMENT_ROOTS),
    attachmentMaxMb: v.ATTACHMENT_MAX_MB,
    inactiveAfterDays: v.INACTIVE_AFTER_DAYS,
    inbox: { port: v.INBOX_PORT, smtpPort: v.INBOX_SMTP_PORT, maxMessages: v.INBOX_MAX_MESSAGES },
  };
}

/** The reverse of {@link emailConfig}. */
export function emailEnv(email: EmailConfig): Record<keyof typeof emailEntries, string | number | undefined> {
  return {
    SMTP_URL: email.smtpUrl,
    EMAIL_FROM: email.from,
    ADMIN_EMAIL: email.adminEmail,
    PUBLIC_URL: email.publicUrl,
    SMTP_CONNECTIONS: email.smtpConnections,
    SMTP_TIMEOUT_MS: email.smtpTimeoutMs,
    ATTACHMENT_ROOTS: email.attachmentRoots.join(path.delimiter),
    ATTACHMENT_MAX_MB: email.attachmentMaxMb,
    INACTIVE_AFTER_DAYS: email.inactiveAfterDays,
    INBOX_PORT: email.inbox.port,
    INBOX_SMTP_PORT: email.inbox.smtpPort,
    INBOX_MAX_MESSAGES: email.inbox.maxMessages,
  };
}
