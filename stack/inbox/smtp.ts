/** The SMTP side of the development inbox: takes every message for anybody. */
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import type { InboxStore } from './store.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** Larger messages are refused, as most servers do. */
const MAX_MESSAGE_BYTES = 50 * BYTES_PER_MB;

/** Serves SMTP on the loopback interface; done when it listens. Gives how to stop it. */
export async function serveSmtp(store: InboxStore, port: number): Promise<() => Promise<void>> {
  const server = new SMTPServer({
    banner: 'Perennial development inbox',
    authOptional: true,
    // Loopback only, so there is nothing to encrypt and nobody to tell apart.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_MESSAGE_BYTES,
    onData: (stream, session, done) => {
      const { mailFrom, rcptTo } = session.envelope;
      const from = mailFrom === false ? '' : mailFrom.address;
      const to = rcptTo.map(({ address }) => address);
      // The answer follows the write: what was promised is on disk.
      collect(stream)
        .then((raw) => store.add({ from, to }, raw))
        .then(
          () => {
            done();
          },
          (error: unknown) => {
            done(error instanceof Error ? error : new Error(String(error)));
          },
        );
    },
  });
  server.on('error', (error) => {
    process.stderr.write(`inbox: ${error.message}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.server.off('error', reject);
      resolve();
    });
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
    });
}

async function collect(stream: SMTPServerDataStream): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += (part as Buffer).byteLength; // no encoding is set, so parts are buffers
    // Read to its end all the same, or the connection would hang; kept is only what will be stored.
    if (size <= MAX_MESSAGE_BYTES) parts.push(part as Buffer);
  }
  if (size <= MAX_MESSAGE_BYTES) return Buffer.concat(parts);
  throw Object.assign(new Error('message too large'), { responseCode: 552 });
}
