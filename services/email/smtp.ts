/** The way to the mail server: a pool of SMTP connections. */
import { createTransport } from 'nodemailer';
import { PerennialError } from '../../contracts/failures.ts';

/** Settings of {@link createSmtpTransport}. */
export interface SmtpOptions {
  /** `smtp://` (with STARTTLS where the server offers it) or `smtps://`, with user and password where needed. */
  readonly url: string | undefined;
  /** Connections at once. */
  readonly connections: number;
  /** Longest silence of the server within one message, in milliseconds. */
  readonly timeoutMs: number;
}

/** Hands whole messages to the mail server. */
export interface SmtpTransport {
  /** Messages that are worth handing over at once. */
  readonly concurrency: number;
  /** Done when the server took the message; gives its code. Throws what `toEmailFailure` understands. */
  send(message: SmtpMessage): Promise<{ readonly code: number }>;
  close(): void;
}

/** A whole message and its envelope. */
export interface SmtpMessage {
  readonly from: string;
  readonly to: string;
  readonly bytes: Buffer;
}

/** A connection says QUIT after so many messages: servers shed long guests, and a lost pool entry would starve us. */
const MESSAGES_PER_CONNECTION = 1_000;
const CONNECT_TIMEOUT_MS = 15_000;

/** Opens a pool. Nothing is connected before the first message. */
export function createSmtpTransport({ url, connections, timeoutMs }: SmtpOptions): SmtpTransport {
  if (url === undefined) return nowhere;
  const pool = createTransport({
    url,
    pool: true,
    maxConnections: connections,
    maxMessages: MESSAGES_PER_CONNECTION,
    // The ledger decides about repetitions, not the pool.
    maxRequeues: 0,
    connectionTimeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
    greetingTimeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    concurrency: connections,
    send: async ({ from, to, bytes }) => {
      const { response } = await pool.sendMail({ envelope: { from, to: [to] }, raw: bytes });
      return { code: Number.parseInt(response, 10) || 250 };
    },
    close: () => {
      pool.close();
    },
  };
}

const nowhere: SmtpTransport = {
  concurrency: 1,
  send: () =>
    Promise.reject(new PerennialError('EmailNotConfigured', 'expected SMTP_URL to name a mail server, got nothing')),
  close: () => undefined,
};
