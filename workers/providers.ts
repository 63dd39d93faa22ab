/** Keys of providers whose address is part of the configuration; the rows of tasks have their names alone. */
import { SMTP } from '../contracts/email/vocabulary.ts';
import { TWILIO } from '../contracts/messages/vocabulary.ts';
import type { Config } from '../config/types.ts';

/** Returns the keys by name: workers with other servers have other breakers. */
export function providerNames({
  email,
  messages,
}: Pick<Config, 'email' | 'messages'>): Readonly<Record<string, string>> {
  const { smtpUrl } = email;
  const { apiUrl } = messages;
  return {
    ...(smtpUrl === undefined ? {} : { [SMTP]: `${SMTP}:${new URL(smtpUrl).host}` }),
    ...(apiUrl === undefined ? {} : { [TWILIO]: `${TWILIO}:${new URL(apiUrl).host}` }),
  };
}
