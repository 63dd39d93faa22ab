/** Runs the SMTP server of the measurement, which accepts every message, stores none and counts them. */
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

let messages = 0;
let recipients = new Set<string>();

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  onData: (stream, session, done) => {
    stream.resume();
    stream.on('end', () => {
      messages += 1;
      const to = session.envelope.rcptTo[0]?.address ?? '';
      recipients.add(createHash('sha1').update(to).digest('base64'));
      done();
    });
  },
});
server.on('error', () => undefined);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.server.address() as AddressInfo; // a listening TCP server has an address
  process.send?.({ port });
});
// Every message of the parent process requests the counts since the previous one.
process.on('message', () => {
  process.send?.({ messages, recipients: recipients.size });
  messages = 0;
  recipients = new Set();
});
process.on('disconnect', () => process.exit(0));
