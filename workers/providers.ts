/** Keys of providers whose address is part of the configuration; the rows of tasks have their names alone. */
import { SMTP } from '../contracts/email/vocabulary.ts';
import { OPENAI } from '../contracts/ai/vocabulary.ts';
import { STRIPE } from '../contracts/billing/vocabulary.ts';
import { TWILIO } from '../contracts/messages/vocabulary.ts';
import type { Config } from '../config/types.ts';

/** Returns the keys by name: workers with other servers have other breakers. */
export function providerNames({
  ai,
  billing,
  email,
  messages,
}: Pick<Config, 'ai' | 'billing' | 'email' | 'messages'>): Readonly<Record<string, string>> {
  const { smtpUrl } = email;
  const at = (name: string, apiUrl: string | undefined): Readonly<Record<string, string>> =>
    apiUrl === undefined ? {} : { [name]: `${name}:${new URL(apiUrl).host}` };
  return {
    ...at(OPENAI, ai.baseUrl),
    ...at(STRIPE, billing.apiUrl),
    ...at(TWILIO, messages.apiUrl),
    ...(smtpUrl === undefined ? {} : { [SMTP]: `${SMTP}:${new URL(smtpUrl).host}` }),
  };
}
