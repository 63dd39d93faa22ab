/** The process of the development inbox: an SMTP server that stores every message without forwarding it, and a page to read them. */
import path from 'node:path';
import { loadConfigOrExit } from '../../config/load.ts';
import { forceUtc, ownFilesOnly } from '../../config/process.ts';
import { outliveOutput } from '../../observability/standard-error.ts';
import { serveInbox } from './http.ts';
import { createMailReader } from './reading.ts';
import { serveSmtp } from './smtp.ts';
import { openInboxStore } from './store.ts';

forceUtc();
ownFilesOnly();
outliveOutput();
const { stateDir, email } = loadConfigOrExit();
const { port, smtpPort, maxMessages } = email.inbox;
try {
  const reader = createMailReader();
  const store = await openInboxStore(path.join(stateDir, 'mailbox'), maxMessages, reader);
  const stopSmtp = await serveSmtp(store, smtpPort);
  const server = await serveInbox(store, reader, port);
  process.stderr.write(`inbox is running: page on port ${String(port)}, SMTP on port ${String(smtpPort)}\n`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  server.closeAllConnections();
  server.close();
  await stopSmtp();
  await reader.close();
  process.exit(0);
} catch (error) {
  process.stderr.write(`inbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
