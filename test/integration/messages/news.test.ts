/** What the provider tells the API about messages: over real sockets, signed, and in any order. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMessageNews, statusCallbackOf, wishOf } from '../../../services/messages/news.ts';
import { signatureOf } from '../../../stack/inbox/texts/signature.ts';
import { testApi } from '../../support/fakes/api.ts';
import { failureOf } from '../../support/email-tests.ts';
import { ACCOUNT } from '../../support/inbox-texts.ts';
import { messageTests, text } from '../../support/messages.ts';

const tests = messageTests();
let server: Server;
let base: string;

beforeAll(async () => {
  const messages = {
    news: createMessageNews(tests.test.db, ['STOPP']),
    authToken: ACCOUNT.token,
    // The address is known once the server listens.
    get publicUrl() {
      return base;
    },
  };
  const { app } = testApi({}, {}, { messages });
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`; // a listening TCP server has one
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface Told {
  readonly token?: string;
  readonly signedUrl?: string;
  readonly signature?: string;
}

async function tell(path: string, fields: Record<string, string>, told: Told = {}): Promise<number> {
  const form = new URLSearchParams(fields);
  const { token = ACCOUNT.token, signedUrl = base + path } = told;
  const response = await fetch(base + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': told.signature ?? signatureOf(token, signedUrl, form),
    },
    body: form.toString(),
  });
  return response.status;
}

const callbackUrl = (messageId: string): string => statusCallbackOf(base, base)?.(messageId) ?? '';
const row = (key: string): Promise<Record<string, unknown> | undefined> => tests.ledgerRow(key);

describe('how a message stands', () => {
  it('is told by the provider until the message has arrived', async () => {
    const { run } = await tests.setUp(undefined, { callbackUrl });
    const message = text();
    await run('messages.send', message);
    await expect.poll(async () => (await row(message.messageKey))?.['delivery'], { timeout: 5_000 }).toBe('delivered');
    expect((await row(message.messageKey))?.['delivered_at']).toBeInstanceOf(Date);
  });

  it('is told with the number of the error when no phone takes it', async () => {
    const { run } = await tests.setUp(undefined, { callbackUrl });
    const message = text({ to: '+15005550010' });
    await run('messages.send', message);
    await expect
      .poll(() => row(message.messageKey), { timeout: 5_000 })
      .toMatchObject({
        delivery: 'undelivered',
        error_code: 30003,
        delivered_at: null,
      });
  });

  it('closes the window: a message whose attempt never heard the answer is known by what is told of it', async () => {
    let hangUps = 1;
    const { run, inbox } = await tests.setUp(() => (hangUps-- > 0 ? 'take and hang up' : undefined), { callbackUrl });
    const message = text();
    await failureOf(run('messages.send', message));
    const sid = inbox.texts.list({ limit: 1 })[0]?.sid;
    await expect.poll(() => row(message.messageKey), { timeout: 5_000 }).toMatchObject({ provider_sid: sid });
    expect(await run('messages.send', message, 2)).toMatchObject({ status: 'sent', sid });
    expect(inbox.texts.total).toBe(1);
    expect(await row(message.messageKey)).toMatchObject({ state: 'accepted', segments: 1 });
  });

  it('goes forward alone, in whatever order it is told and however often', async () => {
    const { run } = await tests.setUp();
    const message = text();
    const { sid } = (await run('messages.send', message)) as { sid: string }; // what the schema of the task says
    const id = String((await row(message.messageKey))?.['message_id']);
    const path = `/v1/messages/news/status?message=${id}`;
    const say = (MessageStatus: string, MessageSid = sid): Promise<number> => tell(path, { MessageSid, MessageStatus });
    const delivery = async (): Promise<unknown> => (await row(message.messageKey))?.['delivery'];
    const another = `SM${'f'.repeat(32)}`;
    expect(await say('sent', another)).toBe(204);
    expect(await delivery()).toBe('queued');
    const seen: unknown[] = [];
    for (const status of ['sent', 'queued', 'delivered', 'sent', 'undelivered', 'delivered', 'no-such-status']) {
      expect(await say(status)).toBe(204);
      seen.push(await delivery());
    }
    expect(seen).toEqual(['sent', 'sent', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered']);
    expect(await say('failed', another)).toBe(204);
    expect(await row(message.messageKey)).toMatchObject({ delivery: 'delivered', provider_sid: sid });
  });

  it('is not heard without the signature of the account for this address and these fields', async () => {
    const { run } = await tests.setUp();
    const message = text();
    const { sid } = (await run('messages.send', message)) as { sid: string }; // as above
    const id = String((await row(message.messageKey))?.['message_id']);
    const path = `/v1/messages/news/status?message=${id}`;
    const fields = { MessageSid: sid, MessageStatus: 'failed' };
    const other = new URLSearchParams({ ...fields, MessageStatus: 'sent' });
    for (const told of [
      { signature: '' },
      { signature: 'bm90IGEgc2lnbmF0dXJl' },
      { token: 'another-token' },
      { signedUrl: `${base}/v1/messages/news/status?message=another` },
      { signature: signatureOf(ACCOUNT.token, base + path, other) },
    ])
      expect(await tell(path, fields, told)).toBe(403);
    expect(await row(message.messageKey)).toMatchObject({ delivery: 'queued' });
    expect(await tell(path, fields)).toBe(204);
  });

  it.each([
    ['https://app.example.com', undefined, 'https://app.example.com/v1/messages/news/status?message=m-1'],
    ['http://localhost:8080', 'http://127.0.0.1:8025', 'http://localhost:8080/v1/messages/news/status?message=m-1'],
    ['http://localhost:8080', undefined, undefined],
    ['http://127.0.0.1:8080', undefined, undefined],
    ['http://[::1]:8080', undefined, undefined],
  ])('with the API at %s and the provider at %s is told to %s', (publicUrl, apiUrl, address) => {
    expect(statusCallbackOf(publicUrl, apiUrl)?.('m-1')).toBe(address);
  });

  it('is not read when it is longer than any form of the provider', async () => {
    expect(await tell('/v1/messages/news/answers', { Body: 'x'.repeat(70_000) })).toBe(413);
  });
});

describe('what a recipient answers', () => {
  const path = '/v1/messages/news/answers';
  const answer = (MessageSid: string, Body: string): Promise<number> =>
    tell(path, { MessageSid, Body, From: '+4915112349999' });

  it('STOP ends messages to the number, START begins them again, and an old answer told again changes nothing', async () => {
    const { run } = await tests.setUp();
    const send = (): Promise<unknown> => run('messages.send', text({ to: '+4915112349999' }));
    await send();
    expect(await answer('SM-in-1', 'Stop.')).toBe(200);
    expect(await failureOf(send())).toMatchObject({ type: 'RecipientOptedOut' });
    expect(await answer('SM-in-2', 'start')).toBe(200);
    await send();
    expect(await answer('SM-in-1', 'Stop.')).toBe(200);
    await send();
    expect(await answer('SM-in-3', 'STOPP')).toBe(200);
    expect(await failureOf(send())).toMatchObject({ type: 'RecipientOptedOut' });
  });

  it('is not heard without the signature of the account', async () => {
    const { run } = await tests.setUp();
    const stop = { MessageSid: 'SM-in-4', Body: 'STOP', From: '+4915112348888' };
    for (const told of [{ signature: '' }, { token: 'another-token' }, { signedUrl: `${base}/elsewhere` }])
      expect(await tell(path, stop, told)).toBe(403);
    await run('messages.send', text({ to: stop.From }));
  });

  it('is not heard at all where there is no account', async () => {
    const { app } = testApi();
    const form = new URLSearchParams({ MessageSid: 'SM-in-5', Body: 'STOP', From: '+4915112348888' });
    const signature = signatureOf('', `http://localhost${path}`, form);
    const told = request(app).post(path).set('x-twilio-signature', signature).type('form').send(form.toString());
    expect(await told).toMatchObject({ status: 403 });
  });

  it.each([
    ['STOP', 'stop'],
    [' stop! ', 'stop'],
    ['Unsubscribe', 'stop'],
    ['ＳＴＯＰ', 'stop'],
    ['stopp', 'stop'],
    ['START', 'start'],
    ['Please stop by tomorrow', 'none'],
    ['', 'none'],
    ['🛑', 'none'],
  ])('%j is read as %s', (body, wish) => {
    expect(wishOf(body, ['STOPP'])).toBe(wish);
  });
});
