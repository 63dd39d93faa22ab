import { afterEach, describe, expect, it } from 'vitest';
import {
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
  server = await startHealthServer({ port: 0, checks });
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
    let down = false;
    await start({
      database: () => (down ? Promise.reject(new Error('refused postgres://u:pw12@h/d')) : Promise.resolve('ok')),
      workers: () => Promise.resolve(workersCheck(workers)),
    });
    expect(await get('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { database: 'ok', workers: 'ok (2 workers)' } },
    });
    workers = 0;
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'degraded', checks: { workers: 'warning: no workers' } },
    });
    down = true;
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'not_ready', checks: { database: 'error: refused postgres://[redacted]@h/d' } },
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
