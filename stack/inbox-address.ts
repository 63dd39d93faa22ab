/** Where the development inbox is, and how the other processes learn that it takes text messages, payments and questions to models. */
import { randomBytes } from 'node:crypto';
import { withVariables } from '../config/load.ts';
import type { Config } from '../config/types.ts';
import type { StackContext } from './context.ts';
import { nextFreePort } from './ports.ts';

/** A number that Twilio lets anybody send from in tests. */
const INBOX_SENDER = '+15005550006';

/** Key of the provider of payments, which listens here alone and moves no money: who reads the documentation knows it. */
const LOCAL_PAYMENTS_KEY = 'sk_test_local_stack';

/** Key of the provider of models, which listens here alone and asks none. */
const LOCAL_MODELS_KEY = 'sk-local-stack';

/** Chooses the port of the inbox; `undefined` when the configuration names servers for all that it takes. */
export async function inboxPort({ has, config }: Pick<StackContext, 'has' | 'config'>): Promise<number | undefined> {
  const servers = [config.email.smtpUrl, config.messages.accountSid, config.billing.secretKey, config.ai.apiKey];
  const isNeeded = servers.includes(undefined);
  return has('inbox') && isNeeded ? await nextFreePort(config.email.inbox.port, [config.api.port]) : undefined;
}

/** Names the inbox as the provider of text messages, of payments and of models where the configuration names no account. */
export function withProviders(config: Config, inboxPort: number | undefined): Config {
  return inboxPort === undefined
    ? config
    : withModels(withPayments(withTexts(config, inboxPort), inboxPort), inboxPort);
}

function withTexts(config: Config, inboxPort: number): Config {
  if (config.messages.accountSid !== undefined) return config;
  return withVariables(config, {
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: randomBytes(16).toString('hex'),
    TWILIO_API_URL: `http://127.0.0.1:${String(inboxPort)}`,
    MESSAGES_FROM: config.messages.from ?? INBOX_SENDER,
  });
}

function withPayments(config: Config, inboxPort: number): Config {
  if (config.billing.secretKey !== undefined) return config;
  return withVariables(config, {
    STRIPE_SECRET_KEY: LOCAL_PAYMENTS_KEY,
    STRIPE_WEBHOOK_SECRET: `whsec_${randomBytes(16).toString('hex')}`,
    STRIPE_API_URL: `http://127.0.0.1:${String(inboxPort)}`,
  });
}

function withModels(config: Config, inboxPort: number): Config {
  if (config.ai.apiKey !== undefined) return config;
  return withVariables(config, {
    AI_API_KEY: LOCAL_MODELS_KEY,
    AI_BASE_URL: `http://127.0.0.1:${String(inboxPort)}/v1`,
    AI_MODEL: 'local-chat',
    AI_EMBEDDING_MODEL: 'local-embed',
    AI_PRICES: 'local-chat=1/2,local-embed=0.1/0',
  });
}
