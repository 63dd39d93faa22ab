/** What every answer carries: the id of its request, a tag, fewer bytes, and who may read it in a browser. */
import { createServer, type IncomingHttpHeaders, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { describe, expect, onTestFinished, test } from 'vitest';
import { documentId, testApi, type TestApi } from '../../support/fakes/api.ts';
import { progress } from '../../support/fakes/client.ts';
import { reading } from '../../support/fakes/documents.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

describe('the id of a request', () => {
  test.each(['order-4711', 'a.b:c_d', 'x'.repeat(128)])('%s is taken from the caller', async (id) => {
    const api = testApi();
    const answer = await request(api.app).get('/v1/documents').set('X-Request-Id', id);
    expect(answer.headers['x-request-id']).toBe(id);
    expect(api.logged.filter((line) => line.includes(`"requestId":"${id}"`))).toHaveLength(1);
  });

  test.each(['', 'two words', 'x'.repeat(129), '{"level":60}', 'a\tb'])('%j is replaced', async (id) => {
    const answer = await request(testApi().app).get('/v1/documents').set('X-Request-Id', id);
    expect(answer.headers['x-request-id']).toMatch(UUID);
  });

  test('stands in the problem and in each line of the log', async () => {
    const api = testApi();
    api.client.failure = new Error('not foreseen');
    const answer = await request(api.app)
      .post('/v1/batches')
      .send({ paths: ['/a'] });
    const id = answer.headers['x-request-id'] ?? '';
    expect(id).toMatch(UUID);
    expect(answer.body).toMatchObject({ status: 500, requestId: id, instance: expect.any(String) as string });
    await expect.poll(() => api.logged.length).toBe(2);
    expect(api.logged.filter((line) => line.includes(id))).toHaveLength(2);
    const missing = await request(api.app).get('/nowhere');
    expect((missing.body as { requestId: string }).requestId).toBe(missing.headers['x-request-id']);
  });

  test('stands in the lines that a route writes itself', async () => {
    const api = testApi();
    const answer = await request(api.app).post('/v1/tasks').send({ task: 'samples.add' });
    const id = answer.headers['x-request-id'] ?? '';
    expect(api.logged.some((line) => line.includes('task started by name') && line.includes(id))).toBe(true);
  });
});

describe('a tag', () => {
  test('tells whether something has changed', async () => {
    const api = testApi();
    const read = (tag = '') => request(api.app).get('/v1/documents').set('If-None-Match', tag);
    const first = await read();
    const tag = first.headers['etag'] ?? '';
    expect([first.status, tag]).toEqual([200, expect.stringMatching(/^W\/"[\w-]{27}"$/)]);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const same = await read(tag);
    expect([same.status, same.text, same.headers['etag']]).toEqual([304, '', tag]);
    expect(same.headers['x-request-id']).toMatch(UUID);
    api.documents.putCompleted(documentId(1), []);
    const other = await read(tag);
    expect(other.status).toBe(200);
    expect(other.headers['etag']).not.toBe(tag);
  });

  test('is on no answer that is an error, and on none to a POST', async () => {
    const { app } = testApi();
    const missing = await request(app).get('/v1/tasks/nothing').set('If-None-Match', '*');
    expect([missing.status, missing.headers['etag']]).toEqual([404, undefined]);
    const started = await request(app)
      .post('/v1/batches')
      .set('If-None-Match', '*')
      .send({ paths: ['/a'] });
    expect([started.status, started.headers['etag']]).toEqual([202, undefined]);
  });
});

describe('compression', () => {
  const long = 'Some words of a page. '.repeat(500);

  async function headersOf(api: TestApi, path: string): Promise<{ headers: IncomingHttpHeaders; bytes: number }> {
    const server = createServer(api.app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const sent = get({ port, path, headers: { 'accept-encoding': 'gzip' } }, (answer) => {
        let bytes = 0;
        answer.on('data', (part: Buffer) => (bytes += part.length));
        answer.on('end', () => resolve({ headers: answer.headers, bytes }));
      });
      sent.on('error', reject);
    });
  }

  test('makes long answers small, and says that it depends on the caller', async () => {
    const api = testApi();
    api.documents.putCompleted(documentId(1), [reading(0, long)]);
    const { headers, bytes } = await headersOf(api, `/v1/documents/${documentId(1)}/result`);
    expect([headers['content-encoding'], headers.vary]).toEqual(['gzip', 'Accept-Encoding']);
    expect(bytes).toBeLessThan(long.length / 10);
  });

  test('leaves events alone, which must arrive when they are sent', async () => {
    const api = testApi();
    const steps = Array.from({ length: 50 }, (_, completed) => progress({ completed }));
    api.client.batches.set('batch-ocr-b1', { status: 'completed', steps });
    const { headers } = await headersOf(api, '/v1/batches/b1/events');
    expect([headers['content-type'], headers['content-encoding']]).toEqual([
      'text/event-stream; charset=utf-8',
      undefined,
    ]);
  });
});

describe('pages of other origins', () => {
  const origin = 'https://shop.example.com';
  const key = 'a-key-of-sixteen-characters';
  const ask = (corsOrigins: readonly string[], from: string) => {
    const { app } = testApi({ corsOrigins, key, hosts: [] });
    const site = { origin: from, 'sec-fetch-site': 'cross-site' };
    return {
      preflight: request(app).options('/v1/batches').set(site).set({
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type, idempotency-key',
      }),
      send: request(app)
        .post('/v1/batches')
        .set(site)
        .set('authorization', `Bearer ${key}`)
        .send({ paths: ['/a'] }),
    };
  };

  test('may ask when they are named, with a key of their own and without credentials', async () => {
    const { preflight, send } = ask(['https://other.example.com', origin], origin);
    const before = await preflight;
    expect([before.status, before.text]).toEqual([204, '']);
    expect(before.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': expect.stringContaining('POST') as string,
      'access-control-allow-headers': expect.stringMatching(/authorization.*idempotency-key/) as string,
      'access-control-max-age': '600',
    });
    expect(before.headers['access-control-allow-credentials']).toBeUndefined();
    const sent = await send;
    expect(sent.status).toBe(202);
    expect(sent.headers['access-control-allow-origin']).toBe(origin);
    expect(sent.headers['access-control-allow-credentials']).toBeUndefined();
    expect(sent.headers['access-control-expose-headers']).toContain('x-request-id');
    expect(sent.headers['vary']).toContain('Origin');
  });

  test.each([
    [[], origin],
    [[origin], 'https://evil.example'],
    [[origin], `${origin}.evil.example`],
    [[origin], 'http://shop.example.com'],
    [[origin], 'null'],
  ])('%j: %s may not', async (corsOrigins, from) => {
    const { preflight, send } = ask(corsOrigins, from);
    for (const answer of [await preflight, await send])
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect((await ask(corsOrigins, from).send).status).toBe(403);
  });

  test('still have to ask under a name of this server', async () => {
    const { app } = testApi({ corsOrigins: [origin] });
    expect((await request(app).get('/v1/documents').set({ origin, host: 'evil.example' })).status).toBe(421);
  });
});
