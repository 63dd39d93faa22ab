/** Where the development inbox is, and how the other processes learn that it takes text messages. */
import { randomBytes } from 'node:crypto';
import { withVariables } from '../config/load.ts';
import type { Config } from '../config/types.ts';
import type { StackContext } from './context.ts';
import { nextFreePort } from './ports.ts';

/** A number that Twilio lets anybody send from in tests. */
const INBOX_SENDER = '+15005550006';

/** Chooses the port of the inbox; `undefined` when the configuration names servers for all that it takes. */
export async function inboxPort({ has, config }: Pick<StackContext, 'has' | 'config'>): Promise<number | undefined> {
  const isNeeded = config.email.smtpUrl === undefined || config.messages.accountSid === undefined;
  return has('inbox') && isNeeded ? await nextFreePort(config.email.inbox.port, [config.api.port]) : undefined;
}

/** Names the inbox as the provider of text messages when the configuration names no account. */
export function withTexts(config: Config, inboxPort: number | undefined): Config {
  if (inboxPort === undefined || config.messages.accountSid !== undefined) return config;
  return withVariables(config, {
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: randomBytes(16).toString('hex'),
    TWILIO_API_URL: `http://127.0.0.1:${String(inboxPort)}`,
    MESSAGES_FROM: config.messages.from ?? INBOX_SENDER,
  });
}
