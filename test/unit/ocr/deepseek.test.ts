import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { PerennialError } from '../../../contracts/failures.ts';
import { DEEPSEEK_CONFIDENCE, transcribe } from '../../../services/ocr/deepseek.ts';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';

const KEY = 'sk-very-secret';
const PICTURE = Buffer.from('picture');
const never = new AbortController().signal;
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function serve(
  handler: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<string> {
  const started = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => handler(request, body, response));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((started.address() as AddressInfo).port)}/v1/`;
}

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  serve((_, __, response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body)),
  );
const completion = (message: unknown, reason = 'stop'): unknown => ({ choices: [{ message, finish_reason: reason }] });

async function failure(url: string, timeoutMs = 5000): Promise<PerennialError> {
  const error: unknown = await transcribe({ url, apiKey: KEY, model: 'm', timeoutMs }, PICTURE, never).catch(
    (caught: unknown) => caught,
  );
  if (!(error instanceof PerennialError)) throw new Error('expected a PerennialError');
  expect(`${error.message} ${String(error.cause)} ${error.stack ?? ''}`).not.toContain(KEY);
  return error;
}

describe('OCR-3 backend deepseek', () => {
  it('sends the picture with key and model, and takes the text', async () => {
    let seen: { path: string | undefined; key: string | undefined; body: string } | undefined;
    const url = await serve((request, body, response) => {
      seen = { path: request.url, key: request.headers.authorization, body };
      response.end(JSON.stringify(completion({ content: '```\nFirst line\n\nSecond line\n```' })));
    });
    const result = await transcribe({ url, apiKey: KEY, model: 'deepseek-vl' }, PICTURE, never);
    expect(seen).toMatchObject({ path: '/v1/chat/completions', key: `Bearer ${KEY}` });
    expect(JSON.parse(seen!.body)).toMatchObject({ model: 'deepseek-vl', temperature: 0 });
    expect(seen!.body).toContain(`data:image/jpeg;base64,${PICTURE.toString('base64')}`);
    expect(result.text).toBe('First line\n\nSecond line');
    expect(result.confidence).toBe(DEEPSEEK_CONFIDENCE);
    expect(result.words).toEqual([
      { text: 'First line', confidence: DEEPSEEK_CONFIDENCE, box: [0, 0, 1, 0.5], line: 0 },
      { text: 'Second line', confidence: DEEPSEEK_CONFIDENCE, box: [0, 0.5, 1, 1], line: 1 },
    ]);
  });

  it('sends no key to a service that needs none', async () => {
    let key: string | undefined = 'not asked yet';
    const url = await serve((request, _body, response) => {
      key = request.headers.authorization;
      response.end(JSON.stringify(completion({ content: 'text' })));
    });
    await transcribe({ url, model: 'm' }, PICTURE, never);
    expect(key).toBeUndefined();
  });

  it('takes a page without text for what it is', async () => {
    const url = await answer(200, completion({ content: '[NO TEXT]' }));
    expect(await transcribe({ url, apiKey: KEY, model: 'm' }, PICTURE, never)).toEqual({
      text: '',
      words: [],
      confidence: 0,
    });
  });

  it('answers BackendThrottled with the time to wait', async () => {
    const error = await failure(await answer(429, 'slow down', { 'retry-after': '7' }));
    expect(error).toMatchObject({ type: 'BackendThrottled', retryAfterMs: 7000 });
  });

  it.each([500, 502, 503])('answers BackendUnavailable for %d', async (status) => {
    expect(await failure(await answer(status, 'oops'))).toMatchObject({ type: 'BackendUnavailable' });
  });

  it('answers BackendUnavailable when no answer comes in time', async () => {
    const url = await serve(() => undefined);
    expect(await failure(url, 100)).toMatchObject({ type: 'BackendUnavailable' });
  });

  it('answers BackendUnavailable when an answer begins and never ends', async () => {
    const url = await serve((_, __, response) => response.writeHead(200).write('{"choices":'));
    expect(await failure(url, 150)).toMatchObject({ type: 'BackendUnavailable' });
  });

  it('answers BackendUnavailable when nobody listens', async () => {
    expect(await failure('http://127.0.0.1:1/v1')).toMatchObject({ type: 'BackendUnavailable' });
  });

  it('follows no redirect with the key', async () => {
    expect(await failure(await answer(307, '', { location: 'http://127.0.0.1:1/' }))).toMatchObject({
      type: 'BackendUnavailable',
    });
  });

  it.each([400, 401, 404, 422])('answers BackendRejected for %d', async (status) => {
    expect(await failure(await answer(status, { error: { message: `bad key ${KEY}` } }))).toMatchObject({
      type: 'BackendRejected',
    });
  });

  it.each([
    ['no JSON', '<html>'],
    ['no choices', {}],
    ['a refusal', completion({ refusal: 'I cannot', content: null })],
    ['a filtered answer', completion({ content: 'x' }, 'content_filter')],
    ['a cut transcript', completion({ content: 'x' }, 'length')],
    ['an empty answer', completion({ content: ' ' })],
    ['a list for a text', completion({ content: [] })],
  ])('answers BackendRejected for %s', async (_, body) => {
    expect(await failure(await answer(200, body))).toMatchObject({ type: 'BackendRejected' });
  });

  it('hands on the reason of an abort', async () => {
    const url = await serve(() => undefined);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('worker stops')), 50);
    await expect(transcribe({ url, apiKey: KEY, model: 'm' }, PICTURE, controller.signal)).rejects.toThrow(
      'worker stops',
    );
  });
});

describe('answers that no page has', () => {
  const BYTES = 1_000_000;
  it.each([
    ['lists within lists', '['.repeat(BYTES), '50 lists and objects inside each other'],
    ['values', `[${'{},'.repeat(BYTES / 4)}1]`, '10000 values altogether'],
    ['fields', `{${'"a":0,'.repeat(6_000)}"a":0}`, '5000 fields altogether'],
    ['bytes', JSON.stringify(completion({ content: 'x'.repeat(2 * BYTES) })), '1 MB'],
    ['lines', JSON.stringify(completion({ content: 'x\n'.repeat(BYTES / 4) })), '10000 lines'],
  ])('%s are refused before they take time', async (_name, body, most) => {
    const url = await answer(200, body);
    const { value, longestMs } = await watched(() => failure(url));
    expect(value).toMatchObject({ type: 'BackendRejected' });
    expect(value.message).toContain(`more than ${most}.`);
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
  });
});
