import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Unavailable } from '../../../client/index.ts';
import { MAX_BATCH } from '../../../contracts/documents/vocabulary.ts';
import { documentId, testApi, type TestApi } from '../../support/fakes/api.ts';
import { progress } from '../../support/fakes/client.ts';

const outcome = (position: number, status: 'completed' | 'failed') => ({
  position,
  documentId: documentId(position),
  name: `${position}.png`,
  status,
  pages: 1,
  confidence: 0.9,
  reading: 'read' as const,
  failure: null,
});

describe('batches', () => {
  test('start with 202 and a place to look', async () => {
    const api = testApi();
    const response = await request(api.app)
      .post('/v1/batches')
      .send({ paths: ['/scans'], backend: 'tesseract' });
    expect(response.status).toBe(202);
    expect(response.headers['location']).toBe('/v1/batches/batch-ocr-b1');
    expect(response.body).toEqual({ id: 'batch-ocr-b1' });
    expect(api.client.asked).toEqual([['batchOcr', { paths: ['/scans'], backend: 'tesseract' }, { id: undefined }]]);
  });

  test('are the same batch for the same Idempotency-Key', async () => {
    const api = testApi();
    const start = () =>
      request(api.app)
        .post('/v1/batches')
        .set('Idempotency-Key', 'any key / at all')
        .send({ paths: ['/scans'] });
    expect((await start()).body).toEqual((await start()).body);
  });

  test(`may hold ${MAX_BATCH.toLocaleString('en')} documents in one request`, async () => {
    const api = testApi();
    const ids = Array.from({ length: MAX_BATCH }, (_, n) => documentId(n));
    expect((await request(api.app).post('/v1/batches').send({ documentIds: ids })).status).toBe(202);
    expect(
      (
        await request(api.app)
          .post('/v1/batches')
          .send({ documentIds: [...ids, documentId(0)] })
      ).status,
    ).toBe(400);
  });

  test('show status and progress', async () => {
    const api = testApi();
    api.client.batches.set('batch-ocr-b1', {
      status: 'running',
      steps: [progress({ completed: 2, remainingMs: 900 })],
    });
    const response = await request(api.app).get('/v1/batches/b1');
    expect(response.body).toEqual({
      id: 'batch-ocr-b1',
      status: 'running',
      progress: progress({ completed: 2, remainingMs: 900 }),
    });
  });

  test('are counted from the database while no worker answers', async () => {
    const api = testApi();
    api.client.batches.set('batch-ocr-b1', { status: 'running', steps: [], silence: new Unavailable('no worker') });
    api.batches.rows.set('batch-ocr-b1', [outcome(0, 'completed'), outcome(1, 'failed')]);
    const response = await request(api.app).get('/v1/batches/batch-ocr-b1');
    expect(response.body).toMatchObject({
      status: 'running',
      progress: { phase: 'reading', total: 2, completed: 1, failed: 1 },
    });
  });

  test('are remembered longer than by the server', async () => {
    const api = testApi();
    api.batches.rows.set('batch-ocr-b1', [outcome(0, 'completed')]);
    expect((await request(api.app).get('/v1/batches/b1')).body).toMatchObject({
      status: 'completed',
      progress: { completed: 1 },
    });
  });

  test('list what became of each entry, page by page', async () => {
    const api = testApi();
    api.batches.rows.set(
      'batch-ocr-b1',
      [0, 1, 2].map((n) => outcome(n, 'completed')),
    );
    const first = await request(api.app).get('/v1/batches/b1/outcomes?limit=2');
    expect(first.body).toMatchObject({ items: [{ position: 0 }, { position: 1 }] });
    const { nextCursor } = first.body as { nextCursor: string };
    const second = await request(api.app).get(`/v1/batches/b1/outcomes?limit=2&cursor=${nextCursor}`);
    expect(second.body).toMatchObject({ items: [{ position: 2 }], nextCursor: null });
  });

  test.each(['cancel', 'pause', 'resume'])('can be told to %s', async (verb) => {
    const api = testApi();
    api.client.batches.set('batch-ocr-b1', { status: 'running', steps: [] });
    const response = await request(api.app).post(`/v1/batches/b1/${verb}`);
    expect(response.status).toBe(202);
    expect(api.client.asked[0]?.[0]).toBe(verb === 'resume' ? 'resumeBatch' : verb);
  });

  test.each([
    'get /v1/batches/nope',
    'get /v1/batches/nope/events',
    'get /v1/batches/nope/outcomes',
    'post /v1/batches/nope/cancel',
    'post /v1/batches/nope/pause',
    'post /v1/batches/nope/resume',
  ])('that do not exist are not found: %s', async (route) => {
    const [method, path] = route.split(' ') as ['get' | 'post', string];
    const response = await request(testApi().app)[method](path);
    expect(response.status).toBe(404);
    expect(response.body).toMatchObject({ title: 'Not Found', detail: expect.stringContaining('nope') as string });
  });
});

describe('events of a batch', () => {
  test('are sent as progress is made, and end with the batch', async () => {
    const api = testApi();
    const steps = [progress({ completed: 1 }), progress({ completed: 3, phase: 'finished' })];
    api.client.batches.set('batch-ocr-b1', { status: 'completed', steps });
    const response = await request(api.app).get('/v1/batches/b1/events');
    expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.text).toBe(
      'retry: 3000\n\n' +
        `id: 1\nevent: progress\ndata: ${JSON.stringify(steps[0])}\n\n` +
        `id: 2\nevent: progress\ndata: ${JSON.stringify(steps[1])}\n\n` +
        'id: end\nevent: end\ndata: {"status":"completed"}\n\n',
    );
  });

  test('go on counting after a reconnect, and do not start again after the end', async () => {
    const api = testApi();
    api.client.batches.set('batch-ocr-b1', { status: 'completed', steps: [progress()] });
    const again = await request(api.app).get('/v1/batches/b1/events').set('Last-Event-ID', '41');
    expect(again.text).toContain('id: 42\n');
    const strange = await request(api.app).get('/v1/batches/b1/events').set('Last-Event-ID', 'from\u00e4nother');
    expect(strange.text).toContain('id: 1\n');
    expect((await request(api.app).get('/v1/batches/b1/events').set('Last-Event-ID', 'end')).status).toBe(204);
  });

  test('have heartbeats in between, and stop when the listener leaves', async () => {
    const api = testApi({ heartbeatMs: 20 });
    let looks = 0;
    const gate = async () => {
      looks += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const steps = Array.from({ length: 1000 }, (_, completed) => progress({ completed }));
    api.client.batches.set('batch-ocr-b1', { status: 'running', steps, gate });
    const address = await listen(api);
    const leave = new AbortController();
    const response = await fetch(`${address}/v1/batches/b1/events`, { signal: leave.signal });
    const text = await readUntil(response, (seen) => seen.includes(': still here') && seen.includes('id: 2'));
    expect(text).toContain('event: progress');
    leave.abort();
    // Left alone it would go on looking for 50 s.
    await expect.poll(() => stillFor(300, () => looks), { timeout: 10_000 }).toBe(true);
  });

  /** Whether a count stays what it is for so many milliseconds. */
  async function stillFor(ms: number, count: () => number): Promise<boolean> {
    const before = count();
    await new Promise((resolve) => setTimeout(resolve, ms));
    return count() === before;
  }

  test('say so when they are interrupted, without telling why', async () => {
    const api = testApi();
    const gate = () => Promise.reject(new Error('secret detail'));
    api.client.batches.set('batch-ocr-b1', { status: 'running', steps: [progress()], gate });
    const response = await request(api.app).get('/v1/batches/b1/events');
    expect(response.text).toContain('event: interrupted');
    expect(response.text).not.toContain('secret');
  });
});

async function listen(api: TestApi): Promise<string> {
  const server = createServer(api.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function readUntil(response: Response, enough: (seen: string) => boolean): Promise<string> {
  let seen = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    seen += decoder.decode(chunk as Uint8Array, { stream: true });
    if (enough(seen)) return seen;
  }
  return seen;
}
