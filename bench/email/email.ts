/** Compares bulk email, whose messages are recorded before and after and survive a kill, with bare SMTP. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectPerennial, type PerennialClient } from '../../client/index.ts';
import { loadConfig } from '../../config/load.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { startStack } from '../../stack/supervisor.ts';
import { sealKeysOf } from '../../stack/seal-keys.ts';
import { newsletter, recipientsOf } from './message.ts';
import { atLeast, type BenchContext, type Measured, type Section } from '../section.ts';
import { alternate, describeLaps, median } from '../timing.ts';

/** The section on bulk email against the pooled transport that it uses. */
export const email: Section = { name: 'email', title: 'Bulk mail', run: measure };

const TARGET = 0.8;
/** Number of connections to the mail server on both sides, which is the default of the product. */
const CONNECTIONS = 10;

async function measure(context: BenchContext): Promise<Measured> {
  const count = context.quick ? 500 : 10_000;
  const sink = await child('sink.ts', []);
  try {
    const url = `smtp://127.0.0.1:${String(sink.first['port'])}`;
    const peer = await child('peer.ts', [url, String(CONNECTIONS)]);
    try {
      return await withProduct(context, url, (client) => compare(context, { client, peer, sink, count }));
    } finally {
      peer.end();
    }
  } finally {
    sink.end();
  }
}

interface Sides {
  readonly client: PerennialClient;
  readonly peer: Child;
  readonly sink: Child;
  readonly count: number;
}

async function compare(context: BenchContext, { client, peer, sink, count }: Sides): Promise<Measured> {
  const arrived = async (): Promise<void> => {
    const { messages, recipients } = await sink.ask(0);
    if (messages !== count || recipients !== count)
      throw new Error(`expected ${String(count)} messages, got ${String(messages)} to ${String(recipients)}`);
  };
  const ours = async (): Promise<number> => {
    context.log.step(`A bulk to ${String(count)} recipients`);
    const startedAt = performance.now();
    const { subject, html: body } = newsletter;
    const { group_id: id } = await client.email.sendBulk({ recipients: recipientsOf(count), subject, body });
    const { sent } = await client.email.getBulk(id).result();
    const seconds = (performance.now() - startedAt) / 1000;
    if (sent !== count) throw new Error(`expected ${String(count)} messages to be sent, got ${String(sent)}`);
    await arrived();
    return seconds;
  };
  const theirs = async (): Promise<number> => {
    context.log.step(`nodemailer to ${String(count)} recipients`);
    const { seconds = Number.NaN } = await peer.ask(count);
    await arrived();
    return seconds;
  };
  await theirs();
  await ours();
  const laps = await alternate(context.rounds, theirs, ours);
  const [peerSeconds, ourSeconds] = [median(laps.peer), median(laps.ours)];
  const rate = (seconds: number): string => `${(count / seconds).toFixed(0)} messages/s`;
  return {
    rows: [
      {
        what: `${String(count)} messages`,
        ours: rate(ourSeconds),
        peer: rate(peerSeconds),
        ratio: peerSeconds / ourSeconds,
        target: atLeast(TARGET),
      },
    ],
    how: [
      `Ours is \`client.email.sendBulk\` to ${String(count)} addresses until its summary is there, through the Temporal server, PostgreSQL (a row for each message, written before and after) and one worker.`,
      `The peer is nodemailer's pooled transport in a process of its own, which is handed all messages at once; its time runs from the first message, without the start of the process.`,
      `Both send the same HTML message with its text part over ${String(CONNECTIONS)} connections to the same SMTP server, a process that takes everything and keeps nothing. They run in turns, and figures are medians after one lap of each that is not measured.`,
    ].join(' '),
    details: [describeLaps(laps)],
  };
}

async function withProduct<T>(
  { folder, log, signal }: BenchContext,
  smtpUrl: string,
  body: (client: PerennialClient) => Promise<T>,
): Promise<T> {
  const ports = { TEMPORAL_PORT: '0', UI_PORT: '0', API_PORT: '0', HEALTH_PORT: '0', POSTGRES_PORT: '0' };
  // The environment of the caller is left out, so that the defaults are measured.
  const config = loadConfig({ STATE_DIR: path.join(folder, 'state'), SMTP_URL: smtpUrl, ...ports });
  const stack = await startStack({ config, log, signal, components: ['temporal', 'postgres', 'worker'] });
  try {
    const client = await connectPerennial({
      address: stack.addresses.temporal,
      blobs: createBlobStore(config.blobs.url),
      sealKeys: sealKeysOf(config),
    });
    return await body(client).finally(() => client.close());
  } finally {
    await stack.stop();
  }
}

type Answer = Readonly<Record<string, number>>;

/** A child process that answers requests. */
interface Child {
  /** The message that it sent when it was ready. */
  readonly first: Answer;
  ask(question: number): Promise<Answer>;
  end(): void;
}

async function child(file: string, args: readonly string[]): Promise<Child> {
  const entry = fileURLToPath(new URL(file, import.meta.url));
  const running = fork(entry, args, { execArgv: ['--import', import.meta.resolve('tsx')] });
  return {
    first: await next(running),
    ask: (question) => {
      const answer = next(running);
      running.send(question);
      return answer;
    },
    end: () => {
      running.disconnect();
    },
  };
}

function next(running: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`expected an answer of a process of the measurement, but it ended with ${String(code)}`));
    };
    running.once('exit', onExit);
    running.once('message', (told) => {
      running.off('exit', onExit);
      resolve(told as Answer); // the scripts beside this file define the shape of their answers
    });
  });
}
