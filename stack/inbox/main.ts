/**
 * The process of the development inbox: an SMTP server and a provider of text messages that keep every message without
 * forwarding it, pages to read them, a provider of payments that moves no money, and one of models that computes by rules.
 */
import path from 'node:path';
import { loadConfigOrExit } from '../../config/load.ts';
import { forceUtc, ownFilesOnly } from '../../config/process.ts';
import { outliveOutput } from '../../observability/standard-error.ts';
import { createLocalModels } from './ai/provider.ts';
import { serveInbox } from './http.ts';
import { createPaymentProvider } from './payments/provider.ts';
import { openPaymentStore } from './payments/store.ts';
import { createMailReader } from './reading.ts';
import { serveSmtp } from './smtp.ts';
import { openInboxStore } from './store.ts';
import { createTextProvider } from './texts/provider.ts';
import { openTextStore } from './texts/store.ts';

forceUtc();
ownFilesOnly();
outliveOutput();
const { stateDir, ai, billing, email, messages } = loadConfigOrExit();
const { port, smtpPort, maxMessages } = email.inbox;
try {
  const reader = createMailReader();
  const store = await openInboxStore(path.join(stateDir, 'mailbox'), maxMessages, reader);
  const stopSmtp = await serveSmtp(store, smtpPort);
  const texts = await openTextStore(path.join(stateDir, 'texts'), maxMessages);
  const account = { sid: messages.accountSid ?? '', token: messages.authToken ?? '' };
  const provider = createTextProvider({ store: texts, account });
  const { secretKey = '', webhookSecret: secret } = billing;
  const payments = createPaymentProvider({
    store: await openPaymentStore(path.join(stateDir, 'payments')),
    secretKey,
    target: secret === undefined ? undefined : { apiUrl: email.publicUrl, secret },
  });
  const models = createLocalModels({ apiKey: ai.apiKey ?? '' });
  const server = await serveInbox({ store, reader, texts, providers: [provider, payments, models] }, port);
  process.stderr.write(`inbox is running: page on port ${String(port)}, SMTP on port ${String(smtpPort)}\n`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  provider.close();
  payments.close();
  server.closeAllConnections();
  server.close();
  await stopSmtp();
  await reader.close();
  process.exit(0);
} catch (error) {
  process.stderr.write(`inbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
