/** Messages of strangers do not hold up the development inbox, whatever they are made of. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveInbox } from '../../../stack/inbox/http.ts';
import { createMailReader, type MailReader } from '../../../stack/inbox/reading.ts';
import { serveSmtp } from '../../../stack/inbox/smtp.ts';
import { openInboxStore } from '../../../stack/inbox/store.ts';
import { freePort } from '../../../stack/ports.ts';
import { inboxTexts } from '../../support/inbox-texts.ts';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';

let folder: string;
let reader: MailReader;
let smtpPort: number;
let server: Server;
let stopSmtp: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hostile-mail-'));
  reader = createMailReader({ workMs: 1_500 });
  const store = await openInboxStore(folder, 100, reader);
  smtpPort = await freePort();
  stopSmtp = await serveSmtp(store, smtpPort);
  const { texts, provider } = await inboxTexts(path.join(folder, 'texts'));
  server = await serveInbox({ store, reader, texts, providers: [provider] }, 0);
  await reader.summary(Buffer.from('Subject: the thread has started\r\n\r\nx'));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stopSmtp();
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

/** Hands over a message without a library, so that only the inbox works on it. */
async function send(content: Buffer): Promise<void> {
  const socket = connect(smtpPort, '127.0.0.1').setEncoding('latin1');
  const ask = async (line: string | Buffer, end = '\r\n'): Promise<void> => {
    const reply = once(socket, 'data');
    socket.write(line);
    socket.write(end);
    await reply;
  };
  await once(socket, 'data');
  await ask('HELO a');
  await ask('MAIL FROM:<a@example.com>');
  await ask('RCPT TO:<b@example.com>');
  await ask('DATA');
  await ask(content, '\r\n.\r\n');
  socket.destroy();
}

interface Listed {
  readonly messages: readonly { readonly id: string; readonly subject: string }[];
}

async function get(url: string): Promise<Response> {
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  return fetch(`http://127.0.0.1:${String(port)}${url}`);
}

async function newest(): Promise<Listed['messages'][number]> {
  const { messages } = (await (await get('/messages?limit=1')).json()) as Listed; // what the inbox gives
  return messages[0] ?? { id: '', subject: '' };
}

const filled = (bytes: number, unit: string): string => unit.repeat(bytes / unit.length);
const MB = 1_000_000;
const worst: Readonly<Record<string, string>> = {
  'empty lines': `Subject: s\r\n\r\n${filled(5 * MB, '\r\n')}`,
  'short headers': `${filled(1.5 * MB, 'a: b\r\n')}\r\nx`,
  'more headers than a message may have': `${filled(5 * MB, 'a: b\r\n')}\r\nx`,
  'a header without an end': `Subject: ${filled(5 * MB, 'x')}`,
  addresses: `To: ${filled(MB, 'a@example.com, ')}\r\n\r\nx`,
  'parts of nothing': `Content-Type: multipart/mixed; boundary=b\r\n\r\n${filled(2 * MB, '--b\r\n\r\n\r\n')}`,
  'parts within parts': Array.from(
    { length: 5_000 },
    (_, at) => `Content-Type: multipart/mixed; boundary=b${String(at)}\r\n\r\n--b${String(at)}\r\n`,
  ).join(''),
  'HTML within HTML': `Content-Type: text/html\r\n\r\n${filled(5 * MB, '<table><tr><td>')}`,
};

describe('a hostile message does not hold up the inbox', () => {
  it.each(Object.entries(worst))('%s', { timeout: 60_000 }, async (name, content) => {
    const bytes = Buffer.from(`Message-ID: <${name.replaceAll(' ', '-')}@example.com>\r\n${content}`);
    const { longestMs } = await watched(async () => {
      await send(bytes);
      const { id } = await newest();
      for (const url of [`/mail/${id}`, `/messages/${id}`]) {
        const answer = await get(url);
        expect([url, answer.status]).toEqual([url, expect.toBeOneOf([200, 422])]);
        await answer.arrayBuffer();
      }
    });
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
  });

  it('is kept and says that it cannot be read, and the next one is read', async () => {
    await send(Buffer.from(`Message-ID: <deep@example.com>\r\n${worst['parts within parts'] ?? ''}`));
    const { id, subject } = await newest();
    expect(subject).toBe('(a message that cannot be read)');
    expect((await get(`/messages/${id}`)).status).toBe(422);
    expect((await get(`/messages/${id}/raw`)).status).toBe(200);
    await send(Buffer.from('Message-ID: <next@example.com>\r\nSubject: next\r\n\r\nx'));
    expect((await newest()).subject).toBe('next');
  });
});
