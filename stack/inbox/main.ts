/**
 * The process of the development inbox: an SMTP server and a provider of text messages that keep every message without
 * forwarding it, and pages to read them.
 */
import path from 'node:path';
import { loadConfigOrExit } from '../../config/load.ts';
import { forceUtc, ownFilesOnly } from '../../config/process.ts';
import { outliveOutput } from '../../observability/standard-error.ts';
import { serveInbox } from './http.ts';
import { createMailReader } from './reading.ts';
import { serveSmtp } from './smtp.ts';
import { openInboxStore } from './store.ts';
import { createTextProvider } from './texts/provider.ts';
import { openTextStore } from './texts/store.ts';

forceUtc();
ownFilesOnly();
outliveOutput();
const { stateDir, email, messages } = loadConfigOrExit();
const { port, smtpPort, maxMessages } = email.inbox;
try {
  const reader = createMailReader();
  const store = await openInboxStore(path.join(stateDir, 'mailbox'), maxMessages, reader);
  const stopSmtp = await serveSmtp(store, smtpPort);
  const texts = await openTextStore(path.join(stateDir, 'texts'), maxMessages);
  const account = { sid: messages.accountSid ?? '', token: messages.authToken ?? '' };
  const provider = createTextProvider({ store: texts, account });
  const server = await serveInbox({ store, reader, texts, provider }, port);
  process.stderr.write(`inbox is running: page on port ${String(port)}, SMTP on port ${String(smtpPort)}\n`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  provider.close();
  server.closeAllConnections();
  server.close();
  await stopSmtp();
  await reader.close();
  process.exit(0);
} catch (error) {
  process.stderr.write(`inbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
