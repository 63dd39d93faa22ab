/** Bodies of strangers neither hold up the API nor exhaust it. */
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';
import { testApi } from '../../support/fakes/api.ts';

const MB = 1_024 * 1_024;
const filled = (bytes: number, unit: string): Buffer => Buffer.alloc(bytes, unit);

async function post(path: string, body: Buffer, type = 'application/json') {
  const { app, client } = testApi();
  const { value, longestMs } = await watched(async () =>
    request(app)
      .post(path)
      .set('content-type', type)
      .serialize((raw: Buffer) => raw as unknown as string) // sent as it is
      .send(body),
  );
  expect(client.asked).toEqual([]);
  return { status: value.status, body: value.body as { detail: string }, longestMs };
}

const DEEP = 'body: expected at most 200 lists and objects inside each other, got more.';
const MANY = 'body: expected at most 120000 values altogether, got more.';
const MANY_FIELDS = 'body: expected at most 40000 fields altogether, got more.';

describe('a hostile body is refused at once', () => {
  it.each([
    ['lists within lists', '/v1/batches', filled(9 * MB, '['), DEEP],
    ['objects within objects', '/v1/batches', filled(9 * MB, '{"a":'), DEEP],
    ['empty objects', '/v1/batches', Buffer.concat([Buffer.from('['), filled(9 * MB, '{},')]), MANY],
    ['numbers', '/v1/batches', Buffer.concat([Buffer.from('['), filled(9 * MB, '1,')]), MANY],
    ['empty texts', '/v1/batches', Buffer.concat([Buffer.from('['), filled(9 * MB, '"",')]), MANY],
    ['fields', '/v1/batches', Buffer.concat([Buffer.from('{'), filled(9 * MB, '"\\"a":0,')]), MANY_FIELDS],
    ['a canvas of lists', '/v1/canvas', filled(49 * MB, '['), DEEP.replace('200', '1010')],
  ])('%s', async (_name, path, body, detail) => {
    const answer = await post(path, body);
    expect([answer.status, answer.body.detail]).toEqual([413, detail]);
    expect(answer.longestMs).toBeLessThan(MOST_DELAY_MS);
  });

  it.each([
    [
      'bytes that are not UTF-8',
      Buffer.from('7b2261223a22ff227d', 'hex'),
      'JSON, got bytes that are not UTF-8, from byte 6 on.',
    ],
    [
      'an integer beyond 2^53',
      Buffer.from('{"documentIds":[9007199254740993]}'),
      'an integer within ±(2^53 − 1); pass',
    ],
    ['a lone surrogate', Buffer.from('{"paths":["\\ud83d"]}'), 'text without lone surrogates'],
  ])('%s: the answer says where', async (_name, body, expected) => {
    const { app, client } = testApi();
    const answer = await request(app)
      .post('/v1/batches')
      .set('content-type', 'application/json')
      .serialize((raw: Buffer) => raw as unknown as string)
      .send(body);
    expect([answer.status, (answer.body as { detail: string }).detail]).toEqual([
      400,
      expect.stringContaining(`expected ${expected}`),
    ]);
    expect(client.asked).toEqual([]);
  });

  it('white space is looked at in slices', async () => {
    const answer = await post('/v1/canvas', filled(30 * MB, ' '));
    expect(answer.status).toBe(400);
    expect(answer.longestMs).toBeLessThan(MOST_DELAY_MS);
  });

  const list = (unit: string, count: number): string => `[${Array(count).fill(unit).join(',')}]`;
  it.each([
    ['a list of wrong entries', '/v1/batches', `{"documentIds":${list('0', 119_000)}}`],
    ['wrong entries of a field with forms', '/v1/batches', `{"paths":${list('{}', 119_000)}}`],
    ['unknown fields', '/v1/batches', `{${Array.from({ length: 39_000 }, (_, at) => `"k${String(at)}":0`).join(',')}}`],
    ['recipients', '/v1/emails/bulk', `{"subject":"s","body":"b","recipients":${list('1', 119_000)}}`],
    ['payloads', '/v1/codec/decode', `{"payloads":${list('{}', 119_000)}}`],
  ])('%s of the largest number that is read', async (_name, path, text) => {
    const answer = await post(path, Buffer.from(text));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer.body).length).toBeLessThan(100_000);
    expect(answer.longestMs).toBeLessThan(MOST_DELAY_MS);
  });
});
