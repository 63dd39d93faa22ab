/** A real SMTP server for one test: takes what it is told to take, remembers every message. */
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export interface ReceivedEmail {
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
  readonly messageId: string;
  readonly encrypted: boolean;
}

export interface SmtpScript {
  /** An answer of this kind after RCPT TO; nothing: taken. */
  recipient?: (address: string, attempt: number) => { code: number; text: string } | undefined;
  /** As `recipient`, after the message. */
  message?: (email: ReceivedEmail, attempt: number) => { code: number; text: string } | undefined;
  /** Cuts the connection in place of an answer to the message. */
  cut?: (email: ReceivedEmail, attempt: number) => boolean;
  /** How long the answer to a message takes, in milliseconds. */
  delayMs?: number;
  readonly user?: { readonly name: string; readonly password: string };
  /** With a certificate that nobody vouches for: offered by STARTTLS, or spoken from the first byte. */
  readonly tls?: 'starttls' | 'smtps';
  readonly port?: number;
}

export interface TestSmtp {
  readonly url: string;
  readonly port: number;
  readonly received: ReceivedEmail[];
  /** How often each address was named. */
  readonly asked: Map<string, number>;
  readonly connections: { open: number; most: number };
  stop(): Promise<void>;
}

export async function startTestSmtp(script: SmtpScript = {}): Promise<TestSmtp> {
  const received: ReceivedEmail[] = [];
  const asked = new Map<string, number>();
  const connections = { open: 0, most: 0 };
  const refuse = ({ code, text }: { code: number; text: string }): Error =>
    Object.assign(new Error(text), { responseCode: code });
  const server = new SMTPServer({
    secure: script.tls === 'smtps',
    authOptional: script.user === undefined,
    disabledCommands: script.tls === undefined ? ['STARTTLS'] : [],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onConnect: (_session, done) => {
      connections.open += 1;
      connections.most = Math.max(connections.most, connections.open);
      done();
    },
    onClose: () => void (connections.open -= 1),
    onAuth: (auth, _session, done) => {
      const right = auth.username === script.user?.name && auth.password === script.user?.password;
      if (right) done(null, { user: auth.username });
      else done(refuse({ code: 535, text: '5.7.8 authentication failed' }));
    },
    onRcptTo: ({ address }, _session, done) => {
      const attempt = (asked.get(address) ?? 0) + 1;
      asked.set(address, attempt);
      const refusal = script.recipient?.(address, attempt);
      if (refusal === undefined) done();
      else done(refuse(refusal));
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        take(emailOf(Buffer.concat(parts), session), done);
      });
    },
  });
  const take = (email: ReceivedEmail, done: (error?: Error) => void): void => {
    const attempt = asked.get(email.to) ?? 1;
    const refusal = script.message?.(email, attempt);
    if (refusal !== undefined) {
      done(refuse(refusal));
      return;
    }
    received.push(email);
    if (script.cut?.(email, attempt) === true) cutAll(server);
    else setTimeout(done, script.delayMs ?? 0);
  };
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(script.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo; // a listening TCP server has one
  const login = script.user === undefined ? '' : `${script.user.name}:${script.user.password}@`;
  return {
    url: `${script.tls === 'smtps' ? 'smtps' : 'smtp'}://${login}127.0.0.1:${String(port)}`,
    port,
    received,
    asked,
    connections,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        cutAll(server);
      }),
  };
}

function emailOf(raw: Buffer, { secure, envelope: { mailFrom, rcptTo } }: SMTPServerSession): ReceivedEmail {
  const messageId = /^message-id: *(\S+)/im.exec(raw.toString('latin1'))?.[1] ?? '';
  return {
    raw,
    messageId,
    encrypted: secure,
    to: rcptTo[0]?.address ?? '',
    from: mailFrom === false ? '' : mailFrom.address,
  };
}

function cutAll(server: SMTPServer): void {
  for (const connection of server.connections) connection._socket.destroy();
}

/** The message as a mail program reads it. */
export function parsed(email: ReceivedEmail | undefined): Promise<Email> {
  if (email === undefined) throw new TypeError('expected a message, got none');
  return PostalMime.parse(email.raw);
}

/** Bytes in a few characters, to compare messages. */
export function digestOf(email: ReceivedEmail | undefined): string {
  return createHash('sha256')
    .update(email?.raw ?? '')
    .digest('hex');
}
