import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { PerennialError } from '../../../contracts/failures.ts';
import {
  createReadiness,
  readiness,
  runChecks,
  startHealthServer,
  workersCheck,
  type Check,
  type HealthServer,
} from '../../../observability/health.ts';

let server: HealthServer | undefined;
afterEach(async () => {
  await server?.close();
});

async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`http://127.0.0.1:${String(server?.port)}${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }; // always an object
}

const start = async (checks: Readonly<Record<string, Check>>): Promise<void> => {
  server = await startHealthServer({ port: 0, checks, cacheMs: 0 });
};

describe('health server', () => {
  it('HEALTH-1: GET /health says healthy', async () => {
    await start({});
    expect(await get('/health')).toEqual({
      status: 200,
      body: { status: 'healthy', timestamp: expect.stringMatching(/Z$/) as string },
    });
  });

  it('HEALTH-2: GET /health/ready says ready, degraded or not ready', async () => {
    let workers = 2;
    let unserved: string[] = [];
    let down = false;
    await start({
      database: () => (down ? Promise.reject(new Error('refused postgres://u:pw12@h/d')) : Promise.resolve('ok')),
      workers: () => Promise.resolve(workersCheck(workers, unserved)),
    });
    expect(await get('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { database: 'ok', workers: 'ok (2 workers)' } },
    });
    unserved = ['documents.ocr', 'documents.email'];
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'degraded', checks: { workers: 'warning: no worker serves documents.ocr, documents.email' } },
    });
    workers = 0;
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'degraded', checks: { workers: 'warning: no workers' } },
    });
    down = true;
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'not_ready', checks: { database: 'error: failed, see the log' } },
    });
  });

  it('HEALTH-3: GET /health/live says alive while everything else is down', async () => {
    await start({ database: () => Promise.reject(new Error('down')) });
    expect(await get('/health/live')).toMatchObject({ status: 200, body: { status: 'alive' } });
  });

  it('answers 404 elsewhere and 405 to a POST', async () => {
    await start({});
    expect((await get('/')).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${String(server?.port)}/health`, { method: 'POST' })).status).toBe(405);
  });

  it('rejects when the port is taken', async () => {
    await start({});
    await expect(startHealthServer({ port: server?.port ?? 0, checks: {} })).rejects.toThrow('EADDRINUSE');
  });
});

describe('readiness', () => {
  it('lets the worst check win in whatever order', () => {
    expect(readiness({ a: 'error: x', b: 'warning: y', c: 'ok' }).body.status).toBe('not_ready');
    expect(readiness({ b: 'warning: y', a: 'error: x' }).body.status).toBe('not_ready');
    expect(readiness({}).httpStatus).toBe(200);
  });

  it('does not wait for a check that hangs', async () => {
    expect(await runChecks({ hung: () => new Promise(() => undefined) }, 20)).toEqual({
      hung: 'error: no answer within 20 ms',
    });
  });
});

describe('readiness asked over HTTP', () => {
  it('is looked at once for all who ask within a second', async () => {
    let looks = 0;
    const ask = createReadiness({ checks: { a: () => Promise.resolve((looks += 1) > 0 ? 'ok' : 'ok') }, cacheMs: 100 });
    await Promise.all(Array.from({ length: 50 }, () => ask()));
    await ask();
    expect(looks).toBe(1);
    await sleep(120);
    await ask();
    expect(looks).toBe(2);
  });

  it('names no host, address or password, and tells the log', async () => {
    const message = 'connect to postgres://u:pw12@db.internal:5432 (10.1.2.3) failed';
    const told: string[] = [];
    const thrown: Record<string, unknown> = {
      plain: new Error(message),
      coded: Object.assign(new Error(message), { code: 'ECONNREFUSED' }),
      odd: Object.assign(new Error(message), { code: 'db.internal' }),
      named: new TypeError(message),
      failure: new PerennialError('DatabaseUnavailable', message),
      text: message,
      nothing: undefined,
    };
    const checks = Object.fromEntries(
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- libraries throw anything
      Object.entries(thrown).map(([name, error]): [string, Check] => [name, () => Promise.reject(error)]),
    );
    const { body } = await createReadiness({ checks, onError: (name) => told.push(name) })();
    expect(body.checks).toEqual({
      plain: 'error: failed, see the log',
      coded: 'error: ECONNREFUSED',
      odd: 'error: failed, see the log',
      named: 'error: TypeError',
      failure: 'error: DatabaseUnavailable',
      text: 'error: failed, see the log',
      nothing: 'error: failed, see the log',
    });
    expect(told.sort()).toEqual(Object.keys(thrown).sort());
  });

  it('answers neither foreign names nor other methods', async () => {
    await start({});
    const statusOf = (host: string): Promise<number | undefined> =>
      new Promise((resolve) => {
        request({ port: server?.port, path: '/health/ready', headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).end();
      });
    expect(await statusOf('evil.example')).toBe(421);
    expect(await statusOf('10.0.0.7:9091')).toBe(200);
  });
});
