/** The SMTP server of the development inbox; it accepts every message for every recipient. */
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { readAtMost } from './read-body.ts';
import type { InboxStore } from './store.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** Largest message that is accepted, in bytes. */
const MAX_MESSAGE_BYTES = 50 * BYTES_PER_MB;

/** Serves SMTP on the loopback interface; resolves when it listens, with a function that stops it. */
export async function serveSmtp(store: InboxStore, port: number): Promise<() => Promise<void>> {
  const server = new SMTPServer({
    banner: 'Perennial development inbox',
    authOptional: true,
    // The server listens on loopback only, so it needs neither encryption nor authentication.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_MESSAGE_BYTES,
    onData: (stream, session, done) => {
      const { mailFrom, rcptTo } = session.envelope;
      const from = mailFrom === false ? '' : mailFrom.address;
      const to = rcptTo.map(({ address }) => address);
      // The answer is sent after the write, so that an accepted message is on disk.
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
  const message = await readAtMost(stream, MAX_MESSAGE_BYTES);
  if (message !== undefined) return message;
  throw Object.assign(new Error('message too large'), { responseCode: 552 });
}
