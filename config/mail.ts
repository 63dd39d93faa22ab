/** Settings of outgoing mail. */
import { isUrl, optional, text, type ValuesOf } from './entries.ts';

export const mailEntries = {
  SMTP_URL: optional('smtp://user:password@host:port or smtps://…', (value) => isUrl(value, ['smtp:', 'smtps:']), {
    doc: 'Server that mail is handed to. Unset: the local stack starts a development inbox that keeps every message to itself.',
    secret: true,
  }),
  MAIL_FROM: text('Perennial <noreply@example.com>', { doc: 'Sender of every message.' }),
  ADMIN_EMAIL: text('admin@example.com', {
    doc: 'Who is told about daily reports and about changes of health (EMAIL-8).',
  }),
  PUBLIC_URL: optional('an http or https URL', (value) => isUrl(value, ['http:', 'https:']), {
    doc: 'Address under which users reach the application; links in messages start with it.',
    defaultText: 'the address of the API',
  }),
};

/** How mail leaves. */
export interface MailConfig {
  /** `undefined` when the local stack is to provide an inbox. */
  readonly smtpUrl: string | undefined;
  readonly from: string;
  readonly adminEmail: string;
  /** Without a slash at its end. */
  readonly publicUrl: string;
}

/** Groups the values of {@link mailEntries}. */
export function mailConfig(v: ValuesOf<typeof mailEntries>, apiUrl: string): MailConfig {
  return {
    smtpUrl: v.SMTP_URL,
    from: v.MAIL_FROM,
    adminEmail: v.ADMIN_EMAIL,
    publicUrl: (v.PUBLIC_URL ?? apiUrl).replace(/\/+$/, ''),
  };
}

/** The reverse of {@link mailConfig}. */
export function mailEnv(mail: MailConfig): Record<keyof typeof mailEntries, string | undefined> {
  return {
    SMTP_URL: mail.smtpUrl,
    MAIL_FROM: mail.from,
    ADMIN_EMAIL: mail.adminEmail,
    PUBLIC_URL: mail.publicUrl,
  };
}
