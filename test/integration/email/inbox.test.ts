/** The development inbox as its own process would run it: SMTP in, page and JSON out, kept on disk. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import { chromium } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveInbox } from '../../../stack/inbox/http.ts';
import { createMailReader } from '../../../stack/inbox/reading.ts';
import { serveSmtp } from '../../../stack/inbox/smtp.ts';
import { openInboxStore } from '../../../stack/inbox/store.ts';
import { freePort } from '../../../stack/ports.ts';
import { inboxTexts } from '../../support/inbox-texts.ts';
import { findChromium } from '../../support/servers/chromium.ts';

interface Inbox {
  readonly page: string;
  readonly smtpPort: number;
  readonly server: Server;
  stop(): Promise<void>;
}

let folder: string;
let inbox: Inbox;

async function start(maxMessages = 100): Promise<Inbox> {
  const reader = createMailReader();
  const store = await openInboxStore(folder, maxMessages, reader);
  const smtpPort = await freePort();
  const stopSmtp = await serveSmtp(store, smtpPort);
  const { texts, provider } = await inboxTexts(path.join(folder, 'texts'));
  const server = await serveInbox({ store, reader, texts, providers: [provider] }, 0);
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  return {
    page: `http://127.0.0.1:${String(port)}`,
    smtpPort,
    server,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await stopSmtp();
      await reader.close();
    },
  };
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'perennial-test-inbox-'));
  inbox = await start();
});
afterEach(async () => {
  await inbox.stop();
  await rm(folder, { recursive: true, force: true });
});

type Email = Parameters<ReturnType<typeof createTransport>['sendMail']>[0];

async function send(email: Email): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: inbox.smtpPort });
  await transport.sendMail({ from: 'a@example.com', to: 'b@example.com', ...email });
  transport.close();
}

interface Listed {
  readonly messages: readonly { readonly id: string; readonly subject: string; readonly copies: number }[];
  readonly total: number;
  readonly next: number | null;
}

async function list(query = ''): Promise<Listed> {
  const response = await fetch(`${inbox.page}/messages${query}`);
  return (await response.json()) as Listed; // what the inbox gives
}

async function onlyId(): Promise<string> {
  const { messages } = await list();
  expect(messages).toHaveLength(1);
  return messages[0]?.id ?? '';
}

const HOSTILE = '<script>document.title="owned"</script>';

describe('the development inbox', () => {
  it('EMAIL-1 shows what was sent: JSON, as it came, attachments as downloads', async () => {
    const attachments = [{ filename: 'ü"<b>.html', content: HOSTILE, contentType: 'text/html' }];
    await send({ subject: 'Report', text: 'See above', html: '<p>See</p>', attachments });
    const id = await onlyId();
    const message = (await (await fetch(`${inbox.page}/messages/${id}`)).json()) as Record<string, unknown>; // as documented
    expect(message).toMatchObject({
      subject: 'Report',
      to: ['b@example.com'],
      from: 'a@example.com',
      html: '<p>See</p>\n',
    });
    expect(message['attachments']).toMatchObject([{ filename: 'ü"<b>.html', contentType: 'text/html' }]);
    const raw = await fetch(`${inbox.page}/messages/${id}/raw`);
    expect(await raw.text()).toMatch(/^From: a@example\.com\r\n/);
    const file = await fetch(`${inbox.page}/messages/${id}/attachments/0`);
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect(file.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%C3%BC%22%3Cb%3E.html");
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await file.text()).toBe(HOSTILE);
  });

  it('keeps its messages over a restart, and the same Message-ID is the same message', async () => {
    const messageId = '<one@example.com>';
    await send({ subject: 'One', text: 'x', messageId });
    await Promise.all([1, 2, 3].map(() => send({ subject: 'One', text: 'x', messageId })));
    await inbox.stop();
    inbox = await start();
    expect(await list()).toMatchObject({ total: 1, messages: [{ subject: 'One', copies: 4 }] });
    await send({ subject: 'Two', text: 'x' });
    expect((await list()).messages.map(({ subject }) => subject)).toEqual(['Two', 'One']);
  });

  it('keeps the newest messages only, and lists them by page and by recipient', async () => {
    await inbox.stop();
    inbox = await start(3);
    for (const n of [1, 2, 3, 4, 5])
      await send({ subject: `n${String(n)}`, text: 'x', to: `u${String(n % 2)}@example.com` });
    const first = await list('?limit=2');
    expect(first).toMatchObject({ total: 3, messages: [{ subject: 'n5' }, { subject: 'n4' }] });
    const second = await list(`?limit=2&before=${String(first.next)}`);
    expect(second.messages.map(({ subject }) => subject)).toEqual(['n3']);
    expect((await list('?to=u1@example.com')).messages.map(({ subject }) => subject)).toEqual(['n5', 'n3']);
    expect((await readdir(folder)).filter((name) => name !== 'texts')).toHaveLength(6);
  });

  it('SEC-5 escapes what came with a message, and its policy lets nothing run or load', async () => {
    await send({
      subject: HOSTILE,
      text: HOSTILE,
      html: `${HOSTILE}<img src="http://127.0.0.1:1/seen.png">`,
    });
    const id = await onlyId();
    for (const address of ['/', `/mail/${id}`]) {
      const response = await fetch(inbox.page + address);
      expect(await response.text()).not.toContain('<script>');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/script-src|unsafe-eval|http/);
    }
    const html = await fetch(`${inbox.page}/messages/${id}/html`);
    expect(html.headers.get('content-security-policy')).toMatch(/default-src 'none'.*img-src data:; sandbox/);
  });

  it('answers nobody who came by another name, changes nothing, and says what is not there', async () => {
    const answer = (options: object): Promise<number | undefined> =>
      new Promise((resolve) => {
        request(inbox.page, options, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).end();
      });
    expect(await answer({ headers: { host: 'evil.example' } })).toBe(421);
    expect(await answer({ method: 'DELETE' })).toBe(405);
    for (const address of ['/messages/unknown', '/mail/../../etc/passwd', '/messages/x/raw', '/nothing'])
      expect((await fetch(inbox.page + address)).status).toBe(404);
    const address = inbox.server.address() as AddressInfo; // a listening TCP server has one
    expect(address.address).toBe('127.0.0.1');
  });

  it.skipIf(findChromium() === undefined)(
    'reads in a browser: list, message, HTML in a frame where no script runs',
    async () => {
      const elsewhere: string[] = [];
      const remote = createServer((asked, response) => {
        elsewhere.push(asked.url ?? '');
        response.end();
      });
      await new Promise<void>((done) => remote.listen(0, '127.0.0.1', done));
      const { port } = remote.address() as AddressInfo; // a listening TCP server has one
      await send({
        subject: `Hello ${HOSTILE}`,
        text: 'The text',
        html: `<p id="p">The HTML</p>${HOSTILE}<img src="http://127.0.0.1:${String(port)}/x.png">`,
      });
      const browser = await chromium.launch({
        executablePath: findChromium() ?? '',
        args: ['--no-sandbox', '--disable-gpu'],
      });
      try {
        const page = await browser.newPage();
        const asked: string[] = [];
        page.on('request', (made) => void asked.push(made.url()));
        await page.goto(inbox.page);
        await page.getByRole('link', { name: `Hello ${HOSTILE}` }).click();
        await page.getByRole('heading', { name: 'Text' }).waitFor();
        expect(await page.locator('pre').innerText()).toContain('The text');
        expect(await page.frameLocator('iframe').locator('#p').innerText()).toBe('The HTML');
        expect(await page.title()).toBe(`Hello ${HOSTILE}`);
        await page.waitForLoadState('networkidle');
        expect(elsewhere).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
});
