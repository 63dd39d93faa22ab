/** Events of tasks, canvases and batches: what they say, how they end, and that nobody who only listens can exhaust the API. */
import { createServer, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { connect, type AddressInfo } from 'node:net';
import request from 'supertest';
import { describe, expect, onTestFinished, test } from 'vitest';
import { changesOf } from '../../../api/http/event-stream.ts';
import { createRoutes } from '../../../api/routes.ts';
import { testApi, type TestApi } from '../../support/fakes/api.ts';
import { canvasView } from '../../support/fakes/canvas.ts';
import { progress } from '../../support/fakes/client.ts';
import { taskInfo } from '../../support/fakes/tasks.ts';

const routes = createRoutes('test').flatMap(({ path }) => (path.endsWith('/events') ? [path] : []));

async function listen(api: TestApi): Promise<number> {
  const server = createServer(api.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Gives the views of a canvas one after the other, and then the last one for ever. */
function scriptCanvas(api: TestApi, views: readonly ReturnType<typeof canvasView>[]): void {
  let at = 0;
  Object.assign(api.client.canvas, {
    progress: () => Promise.resolve(views[Math.min(at++, views.length - 1)]),
  });
}

describe('events', () => {
  test('are there for tasks, canvases and batches', () => {
    expect(routes.toSorted()).toEqual(['/v1/batches/:id/events', '/v1/canvas/:id/events', '/v1/tasks/:id/events']);
  });

  test.each(routes)('%s: an unknown one is not found, and a reader who has seen the end gets nothing', async (path) => {
    const { app } = testApi();
    expect((await request(app).get(path.replace(':id', 'unknown'))).status).toBe(404);
    expect((await request(app).get(path.replace(':id', 'b1')).set('Last-Event-ID', 'end')).status).toBe(204);
  });

  test('of a task tell each state once, and end with the last one', async () => {
    const api = testApi();
    const started = taskInfo({ state: 'STARTED', ready: false, successful: null, failed: null, result: null });
    api.client.scripted.infos.set('t1', started);
    const asked = request(api.app)
      .get('/v1/tasks/t1/events')
      .then((answer) => answer);
    await new Promise((resolve) => setTimeout(resolve, 100));
    api.client.scripted.infos.set('t1', taskInfo());
    const answer = await asked;
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(answer.text).toBe(
      'retry: 3000\n\n' +
        `id: 1\nevent: state\ndata: ${JSON.stringify(started)}\n\n` +
        `id: 2\nevent: state\ndata: ${JSON.stringify(taskInfo())}\n\n` +
        'id: end\nevent: end\ndata: {"state":"SUCCESS"}\n\n',
    );
  });

  test('of a canvas tell the counts as they change, count on after a reconnect, and end with the status', async () => {
    const api = testApi();
    const views = [
      canvasView(),
      canvasView({ remainingMs: 89_000 }),
      canvasView({ succeeded: 4, running: 1 }),
      canvasView({ status: 'cancelled', running: 1 }),
      canvasView({ status: 'cancelled', over: true }),
    ];
    scriptCanvas(
      api,
      views.flatMap((view) => [view, view]),
    );
    const { text } = await request(api.app).get('/v1/canvas/c1/events').set('Last-Event-ID', '7');
    expect(text.match(/^id: .*$/gm)).toEqual(['id: 8', 'id: 9', 'id: 10', 'id: 11', 'id: end']);
    expect(text).toContain('"succeeded":4,"failed":1');
    expect(text.match(/"over":true/g)).toHaveLength(1);
    expect(text).toContain('event: end\ndata: {"status":"cancelled"}\n\n');
  });

  test('tell that they are still there while nothing changes', async () => {
    const api = testApi({ heartbeatMs: 20 });
    api.client.scripted.infos.set('t1', taskInfo({ ready: false }));
    const answer = await fetch(`http://127.0.0.1:${await listen(api)}/v1/tasks/t1/events`);
    let text = '';
    for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
      text += Buffer.from(piece).toString();
      if (text.endsWith(': still here\n\n: still here\n\n')) break;
    }
    expect(text.match(/^id: /gm)).toHaveLength(1);
  });

  test('are bounded in number', async () => {
    const api = testApi({ maxListeners: 1 });
    api.client.scripted.infos.set('t1', taskInfo({ ready: false }));
    const port = await listen(api);
    const first = await fetch(`http://127.0.0.1:${port}/v1/tasks/t1/events`);
    const second = await fetch(`http://127.0.0.1:${port}/v1/tasks/t1/events`);
    expect([first.status, second.status, second.headers.get('retry-after')]).toEqual([200, 503, '10']);
    expect(await second.text()).toContain('Try again in 10 s.');
    await first.body?.cancel();
    await expect
      .poll(
        async () =>
          (await fetch(`http://127.0.0.1:${port}/v1/tasks/t1/events`, { signal: AbortSignal.timeout(500) })).status,
      )
      .toBe(200);
  });

  test('are bounded for one caller, so that he does not take the places of all', async () => {
    const api = testApi({ maxListenersOfOne: 2, maxListeners: 3 });
    api.client.scripted.infos.set('t1', taskInfo({ ready: false }));
    const port = await listen(api);
    const ask = (from: string): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        get({ port, host: '127.0.0.1', localAddress: from, path: '/v1/tasks/t1/events' }, resolve).on('error', reject);
      });
    const mine = [await ask('127.0.0.1'), await ask('127.0.0.1'), await ask('127.0.0.1')];
    expect(mine.map(({ statusCode }) => statusCode)).toEqual([200, 200, 429]);
    expect(mine[2]?.headers['retry-after']).toBe('10');
    expect(mine[2] === undefined ? '' : await text(mine[2])).toContain('at most 2 streams of events from one address');
    const [other, late] = [await ask('127.0.0.2'), await ask('127.0.0.3')];
    expect([other.statusCode, late.statusCode]).toEqual([200, 503]);
    mine[0]?.destroy();
    await expect.poll(async () => (await ask('127.0.0.1')).statusCode).toBe(200);
  });

  test('are sent to nobody who has stopped reading, and his place is free for another', async () => {
    const api = testApi({ stallMs: 100, maxListeners: 1 });
    api.client.scripted.infos.set('t1', taskInfo());
    const long = 'x'.repeat(1_000_000);
    let given = 0;
    const gate = (): Promise<void> => {
      given += 1;
      return Promise.resolve();
    };
    const steps = Array.from({ length: 500 }, (_, completed) => ({ ...progress({ completed }), long }));
    api.client.batches.set('batch-ocr-b1', { status: 'running', steps, gate });
    const port = await listen(api);
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined).pause();
    socket.write('GET /v1/batches/b1/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await expect.poll(() => given, { timeout: 5_000 }).toBeGreaterThan(1);
    const other = async () => (await fetch(`http://127.0.0.1:${port}/v1/tasks/t1/events`)).status;
    await expect.poll(other, { timeout: 10_000 }).toBe(200);
    expect(given).toBeLessThan(100);
  });
});

test('changes are told once each, up to the last one', async () => {
  const values = [1, 1, 2, 2, 3];
  const read = () => Promise.resolve(values.shift() ?? 3);
  const seen: number[] = [];
  const { signal } = new AbortController();
  for await (const value of changesOf({ read, isOver: (state) => state === 3, signal, intervalMs: 1 }))
    seen.push(value);
  expect(seen).toEqual([1, 2, 3]);
});
