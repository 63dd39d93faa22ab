import { setTimeout as sleep } from 'node:timers/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import request, { type Response } from 'supertest';
import { describe, expect, test } from 'vitest';
import { testApi, type TestApi } from '../../support/fakes/api.ts';

const key = 'a-key-of-sixteen-characters';
const adminKey = 'another-key-for-administrators';

function list(api: TestApi, headers: Record<string, string> = {}): Promise<Response> {
  return Promise.resolve(request(api.app).get('/v1/documents').set(headers));
}

const bearer = (shown: string): Record<string, string> => ({ authorization: `Bearer ${shown}` });

async function statuses(count: number, call: () => Promise<Response>): Promise<number[]> {
  const found: number[] = [];
  for (let n = 0; n < count; n += 1) found.push((await call()).status);
  return found;
}

describe('rates', () => {
  test('an address that asks too often is told to wait, while probes go on', async () => {
    const api = testApi({ abuse: { ratePerAddress: 1 } });
    const found = await statuses(60, () => list(api));
    expect(found.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => 200));
    expect(found.at(-1)).toBe(429);
    const refused = await list(api);
    expect(refused).toMatchObject({ status: 429, type: 'application/problem+json' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await request(api.app).get('/health/live')).status).toBe(200);
    expect((await request(api.app).get('/nowhere')).status).toBe(429);
  });

  test('the rate comes back with time', async () => {
    const api = testApi({ abuse: { ratePerAddress: 1 } });
    await statuses(60, () => list(api));
    await sleep(1_100);
    expect((await list(api)).status).toBe(200);
  });

  test('one key has one rate, whatever address it comes from', async () => {
    const api = testApi({ key, adminKey, trustedProxies: ['127.0.0.1', '::1'], abuse: { ratePerKey: 1 } });
    let address = 0;
    const found = await statuses(60, () => list(api, { ...bearer(key), 'x-forwarded-for': `192.0.2.${++address}` }));
    expect(found.at(-1)).toBe(429);
    expect((await list(api, bearer(adminKey))).status).toBe(200);
  });
});

describe('wrong keys', () => {
  test('an address that tries keys is locked out, also with the right one', async () => {
    const api = testApi({ key, abuse: { wrongKeys: 3 } });
    expect(await statuses(3, () => list(api, bearer('wrong')))).toEqual([401, 401, 401]);
    const refused = await list(api, bearer(key));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect((await request(api.app).get('/health/ready')).status).toBe(200);
  });

  test('tries at once are counted as tries one after the other', async () => {
    const api = testApi({ key, abuse: { wrongKeys: 3 } });
    const server = createServer(api.app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo; // a listening TCP server has one
    const found = await Promise.all(
      Array.from({ length: 30 }, () => fetch(`http://127.0.0.1:${port}/v1/documents`, { headers: bearer('wrong') })),
    );
    expect(found.filter(({ status }) => status === 401)).toHaveLength(3);
    server.close();
  });

  test('the lock opens with time, and a missing key or one without rights locks nobody out', async () => {
    const api = testApi({ key, abuse: { wrongKeys: 2, lockoutMs: 4_000 } });
    await statuses(5, () => list(api));
    await statuses(5, () => Promise.resolve(request(api.app).post('/v1/schedules/sync').set(bearer(key))));
    expect((await list(api, bearer(key))).status).toBe(200);
    await statuses(2, () => list(api, bearer('wrong')));
    expect((await list(api, bearer(key))).status).toBe(429);
    await sleep(4_100);
    expect((await list(api, bearer(key))).status).toBe(200);
  });
});

describe('the address of a caller', () => {
  test('stands in the log line, and X-Forwarded-For is not believed', async () => {
    const api = testApi({ key, abuse: { wrongKeys: 2 } });
    let n = 0;
    await statuses(2, () => list(api, { ...bearer('wrong'), 'x-forwarded-for': `192.0.2.${++n}` }));
    expect((await list(api, { ...bearer('wrong'), 'x-forwarded-for': '192.0.2.77' })).status).toBe(429);
    expect(api.logged.join('\n')).toMatch(/"address":"(::ffff:)?127\.0\.0\.1"/);
    expect(api.logged.join('\n')).not.toContain('192.0.2');
  });

  test('is told by a proxy that the configuration names', async () => {
    const api = testApi({ key, trustedProxies: ['127.0.0.0/8', '::1'], abuse: { wrongKeys: 2 } });
    const attacker = { ...bearer('wrong'), 'x-forwarded-for': '203.0.113.9, 192.0.2.1' };
    await statuses(2, () => list(api, attacker));
    expect((await list(api, attacker)).status).toBe(429);
    // The proxy wrote the last one; what stands before it is what the caller claims.
    expect((await list(api, { ...bearer('wrong'), 'x-forwarded-for': '192.0.2.1' })).status).toBe(429);
    expect((await list(api, { ...bearer(key), 'x-forwarded-for': '192.0.2.2' })).status).toBe(200);
    expect(api.logged.join('\n')).toContain('"address":"192.0.2.1"');
  });

  test('of IPv6 is the network: one caller has many addresses', async () => {
    const api = testApi({ key, trustedProxies: ['127.0.0.0/8', '::1'], abuse: { wrongKeys: 2 } });
    let n = 0;
    await statuses(2, () => list(api, { ...bearer('wrong'), 'x-forwarded-for': `2001:db8:1:2::${++n}` }));
    expect((await list(api, { ...bearer(key), 'x-forwarded-for': '2001:db8:1:2:ffff::9' })).status).toBe(429);
    expect((await list(api, { ...bearer(key), 'x-forwarded-for': '2001:db8:1:3::1' })).status).toBe(200);
  });
});

describe('the quota of uploads', () => {
  const upload = (api: TestApi, bytes: number): Promise<Response> =>
    Promise.resolve(request(api.app).post('/v1/documents').attach('files', Buffer.alloc(bytes, 1), 'a.pdf'));

  test('refuses before the body is read', async () => {
    const api = testApi({ abuse: { uploadBytesPerHour: 25_000 } });
    expect((await upload(api, 10_000)).status).toBe(201);
    expect((await upload(api, 10_000)).status).toBe(201);
    const refused = await upload(api, 10_000);
    expect(refused).toMatchObject({ status: 429, type: 'application/problem+json' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_500);
    expect((await list(api)).status).toBe(200);
  });

  test('counts an upload that does not say how long it is', async () => {
    const api = testApi({ abuse: { uploadBytesPerHour: 25_000 } });
    const chunked = async (): Promise<number> => {
      const server = createServer(api.app).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo; // a listening TCP server has one
      const body = `--b\r\ncontent-disposition: form-data; name="f"; filename="a.pdf"\r\n\r\n${'x'.repeat(30_000)}\r\n--b--\r\n`;
      const response = await fetch(`http://127.0.0.1:${port}/v1/documents`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body: new Blob([body]).stream(),
        duplex: 'half',
      });
      await response.text();
      server.close();
      return response.status;
    };
    expect(await chunked()).toBe(201);
    await expect.poll(chunked).toBe(429);
  });
});
