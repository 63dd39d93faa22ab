/** Sends the messages with nodemailer's pooled transport in a process of its own. Arguments: URL, connections. */
import { createTransport } from 'nodemailer';
import { newsletter, recipientsOf } from './message.ts';

const [url = '', connections = '10'] = process.argv.slice(2);
const pool = createTransport({ url, pool: true, maxConnections: Number(connections), maxMessages: 1_000 });

async function sendAll(count: number): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(
    recipientsOf(count).map((to) => pool.sendMail({ from: 'Perennial <noreply@example.com>', to, ...newsletter })),
  );
  return (performance.now() - startedAt) / 1000;
}

process.on('message', (count) => {
  void sendAll(Number(count)).then((seconds) => process.send?.({ seconds }));
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
