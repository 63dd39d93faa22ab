/** A pool of SMTP connections to the mail server. */
import { PerennialError } from '../../contracts/failures.ts';
import { whenUsed } from '../../contracts/values/when-used.ts';

/** Settings of {@link createSmtpTransport}. */
export interface SmtpOptions {
  /** `smtp://` (with STARTTLS when the server offers it) or `smtps://`, with user and password if needed. */
  readonly url: string | undefined;
  /** Number of connections. */
  readonly connections: number;
  /** Longest silence of the server within one message, in milliseconds. */
  readonly timeoutMs: number;
}

/** Hands whole messages to the mail server. */
export interface SmtpTransport {
  /** Number of messages that are worth sending concurrently. */
  readonly concurrency: number;
  /** Resolves with the server's code when it has accepted the message. Throws errors for `toEmailFailure`. */
  send(message: SmtpMessage): Promise<{ readonly code: number }>;
  close(): Promise<void>;
}

/** A whole message and its envelope. */
export interface SmtpMessage {
  readonly from: string;
  readonly to: string;
  readonly bytes: Buffer;
}

/**
 * Messages after which a connection is closed, because servers drop long connections, and a pool entry lost that way
 * would stay blocked.
 */
const MESSAGES_PER_CONNECTION = 1_000;
const CONNECT_TIMEOUT_MS = 15_000;

/** Creates a pool. Nothing is connected before the first message. */
export function createSmtpTransport({ url, connections, timeoutMs }: SmtpOptions): SmtpTransport {
  if (url === undefined) return nowhere;
  const pool = whenUsed(async () =>
    (await import('nodemailer')).createTransport({
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
    }),
  );
  return {
    concurrency: connections,
    send: async ({ from, to, bytes }) => {
      const { response } = await (await pool()).sendMail({ envelope: { from, to: [to] }, raw: bytes });
      return { code: Number.parseInt(response, 10) || 250 };
    },
    close: async () => (await pool.ifUsed())?.close(),
  };
}

const nowhere: SmtpTransport = {
  concurrency: 1,
  send: () =>
    Promise.reject(new PerennialError('EmailNotConfigured', 'expected SMTP_URL to name a mail server, got nothing')),
  close: () => Promise.resolve(),
};
