/** The remote codec of the API, over the codecs of a real client. */
import { defaultPayloadConverter } from '@temporalio/common';
import request from 'supertest';
import { afterAll, describe, expect, it } from 'vitest';
import { connectPerennial } from '../../../client/index.ts';
import { payloadConverter } from '../../../payloads/converter.ts';
import { testApi } from '../../support/fakes/api.ts';
import { TEST_SEAL_KEYS } from '../../support/servers/temporal.ts';

const KEY = 'a-key-of-sixteen-characters';
const ORIGIN = 'http://localhost:8233';
const keys = { sealKeys: TEST_SEAL_KEYS, payloadKeys: TEST_SEAL_KEYS };
const client = await connectPerennial({ address: '127.0.0.1:1', lazy: true, ...keys });
afterAll(() => client.close());

const { app } = testApi({ key: KEY, codecOrigin: ORIGIN }, { codec: client.codec });
const base64 = (value: Uint8Array | null | undefined): string => Buffer.from(value ?? []).toString('base64');

/** A payload as a worker sends it, in the JSON of remote codecs. */
async function onServer(value: unknown) {
  let payloads = [defaultPayloadConverter.toPayload(value)];
  for (const codec of payloadConverter({ side: 'worker', ...keys }).payloadCodecs ?? [])
    payloads = await codec.encode(payloads);
  return payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, bytes]) => [name, base64(bytes)])),
    data: base64(data),
  }));
}

describe('the remote codec', () => {
  it('shows plain text to whoever has the key, and takes it back', async () => {
    const value = { to: 'ann@example.com', token: 't-1', documentId: 'doc-1' };
    const payloads = await onServer(value);
    expect(Buffer.from(payloads[0]?.data ?? '', 'base64').toString()).not.toMatch(/doc-1|ann@/);
    const decoded = await request(app)
      .post('/v1/codec/decode')
      .set('authorization', `Bearer ${KEY}`)
      .send({ payloads });
    const plain = [
      { metadata: { encoding: base64(Buffer.from('json/plain')) }, data: base64(Buffer.from(JSON.stringify(value))) },
    ];
    expect(decoded.body).toEqual({ payloads: plain });
    const encoded = await request(app).post('/v1/codec/encode').set('x-api-key', KEY).send({ payloads: plain });
    expect(JSON.stringify(encoded.body)).toContain(base64(Buffer.from('binary/encrypted')));
    const again = await request(app)
      .post('/v1/codec/decode')
      .set('x-api-key', KEY)
      .send(encoded.body as object);
    expect(again.body).toEqual({ payloads: plain });
  });

  it('shows nothing without the key', async () => {
    const payloads = await onServer({ token: 't-1' });
    for (const route of ['/v1/codec/decode', '/v1/codec/encode'])
      expect((await request(app).post(route).send({ payloads })).status).toBe(401);
  });

  it('answers pages of the Web UI, and of no other site', async () => {
    const ask = (origin: string) =>
      request(app)
        .post('/v1/codec/decode')
        .set('x-api-key', KEY)
        .set('origin', origin)
        .set('sec-fetch-site', 'same-site');
    const allowed = await ask(ORIGIN).send({ payloads: [] });
    expect(allowed.status).toBe(200);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      vary: expect.stringMatching(/^Origin\b/) as string,
    });
    const foreign = await ask('http://localhost:9999').send({ payloads: [] });
    expect(foreign.status).toBe(403);
    expect(foreign.headers).not.toHaveProperty('access-control-allow-origin');
    const before = await request(app).options('/v1/codec/decode').set('origin', ORIGIN);
    expect([before.status, before.headers['access-control-allow-headers']]).toEqual([
      204,
      'content-type, authorization, x-api-key, x-namespace',
    ]);
    expect((await request(app).post('/v1/emails').set('x-api-key', KEY).set('origin', ORIGIN).send({})).status).toBe(
      403,
    );
  });
});
