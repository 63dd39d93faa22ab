import request, { type Response } from 'supertest';
import { describe, expect, test } from 'vitest';
import { createRoutes } from '../../../api/routes.ts';
import { testApi } from '../../support/fakes/api.ts';
import { canvasView } from '../../support/fakes/canvas.ts';

const key = 'a-key-of-sixteen-characters';
const adminKey = 'another-key-for-administrators';

/** Everything that a stranger may ask for. A further line is a decision, not an oversight. */
const OPEN = [
  'GET /v1/docs',
  'GET /v1/docs/:file',
  'GET /health',
  'GET /health/live',
  'GET /health/ready',
  'GET /v1/openapi.json',
];

/** What a provider tells; its signature takes the place of a key. */
const SIGNED = ['POST /v1/messages/news/answers', 'POST /v1/messages/news/status', 'POST /v1/webhooks/stripe'];

/** Everything that the key of administrators alone opens. */
const ADMINISTRATORS = [
  'DELETE /v1/schedules/:id',
  'GET /v1/audit',
  'GET /v1/dlq',
  'GET /v1/dlq/:id',
  'GET /v1/dlq/causes',
  'GET /v1/dlq/redrives',
  'GET /v1/dlq/redrives/:id',
  'GET /v1/housekeeping/runs/:id',
  'GET /v1/parked',
  'GET /v1/parked/:id',
  'PATCH /v1/ai/budget',
  'PATCH /v1/schedules/:id',
  'POST /v1/breakers/:key/close',
  'POST /v1/breakers/:key/open',
  'POST /v1/canvas',
  'POST /v1/canvas/:id/approvals/:path',
  'POST /v1/canvas/:id/cancel',
  'POST /v1/canvas/:id/retry',
  'POST /v1/canvas/:id/revoke',
  'POST /v1/canvases/:name',
  'POST /v1/dlq/:id/discard',
  'POST /v1/dlq/:id/requeue',
  'POST /v1/dlq/:id/resolve',
  'POST /v1/dlq/redrives',
  'POST /v1/dlq/redrives/:id/abort',
  'POST /v1/dlq/redrives/:id/pause',
  'POST /v1/dlq/redrives/:id/resume',
  'POST /v1/dlq/redrives/dry-run',
  'POST /v1/housekeeping/:task',
  'POST /v1/parked/:id/abort',
  'POST /v1/parked/:id/retry',
  'POST /v1/parked/:id/skip',
  'POST /v1/queues/:name/drain',
  'POST /v1/queues/:name/pause',
  'POST /v1/queues/:name/rate',
  'POST /v1/queues/:name/resume',
  'POST /v1/schedules',
  'POST /v1/schedules/:id/backfill',
  'POST /v1/schedules/:id/pause',
  'POST /v1/schedules/:id/trigger',
  'POST /v1/schedules/:id/unpause',
  'POST /v1/schedules/sync',
  'POST /v1/tasks',
  'POST /v1/tasks/:id/retry',
  'POST /v1/tasks/:id/revoke',
  'POST /v1/tasks/execute',
  'POST /v1/tasks/execute-regional',
  'POST /v1/tasks/revoke',
];

const routes = createRoutes('test').map(({ method, path }) => `${method.toUpperCase()} ${path}`);

const reference = import.meta.filename;
const apis = {
  both: testApi({ key, adminKey, reference }),
  callers: testApi({ key, reference }),
  administrators: testApi({ adminKey, reference }),
  none: testApi({ reference }),
};

// What waits for a job or a run has its answer at once.
for (const { client } of Object.values(apis)) {
  client.jobResult = () => Promise.resolve(undefined);
  client.canvas.progress = () => Promise.resolve(canvasView({ status: 'completed', over: true }));
}

function send(api: keyof typeof apis, route: string, headers: Record<string, string>): Promise<Response> {
  const [method = '', path = ''] = route.split(' ');
  const call = request(apis[api].app)[method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete'];
  return Promise.resolve(call(path.replace(':file', 'start.js').replace(/:\w+/g, 'x')).set(headers));
}

async function statusOf(api: keyof typeof apis, route: string, shown?: string): Promise<number> {
  return (await send(api, route, shown === undefined ? {} : { authorization: `Bearer ${shown}` })).status;
}

describe('who may ask for what', () => {
  test('the lists name routes that exist', () => {
    expect(routes).toEqual(expect.arrayContaining([...OPEN, ...SIGNED, ...ADMINISTRATORS]));
    expect(new Set(routes).size).toBe(routes.length);
  });

  test.each(SIGNED)('%s is refused without a signature, whatever key is shown', async (route) => {
    for (const api of ['both', 'callers', 'administrators', 'none'] as const)
      for (const shown of [undefined, key, adminKey]) expect(await statusOf(api, route, shown)).toBe(403);
    expect(await send('none', route, { host: 'evil.example' })).toMatchObject({ status: 421 });
  });

  describe.each(routes.filter((route) => !SIGNED.includes(route)))('%s', (route) => {
    const open = OPEN.includes(route);
    const admin = ADMINISTRATORS.includes(route);

    test('without a key, and with a wrong one', async () => {
      const status = open ? 200 : 401;
      expect(await statusOf('both', route)).toBe(status);
      expect(await statusOf('both', route, 'wrong')).toBe(status);
      expect(await statusOf('callers', route)).toBe(status);
    });

    test('with the key of callers', async () => {
      for (const api of ['both', 'callers'] as const) {
        const status = await statusOf(api, route, key);
        if (admin) expect(status).toBe(403);
        else expect([401, 403]).not.toContain(status);
      }
    });

    test('with the key of administrators', async () => {
      expect([401, 403]).not.toContain(await statusOf('both', route, adminKey));
    });

    test('where only administrators have a key, nothing is open that was not', async () => {
      expect(await statusOf('administrators', route)).toBe(open ? 200 : 401);
      expect(await statusOf('administrators', route, key)).toBe(open ? 200 : 401);
      expect([401, 403]).not.toContain(await statusOf('administrators', route, adminKey));
    });

    test('without any keys', async () => {
      expect([401, 403]).not.toContain(await statusOf('none', route));
    });

    test('a page of another site changes nothing, and nobody asks under a foreign name', async () => {
      const cross = await send('none', route, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' });
      if (route.startsWith('GET')) expect(cross.status).not.toBe(403);
      else expect(cross).toMatchObject({ status: 403, type: 'application/problem+json' });
      expect(await send('none', route, { host: 'evil.example' })).toMatchObject({
        status: 421,
        type: 'application/problem+json',
      });
    });
  });

  test('a preflight is allowed nothing', async () => {
    const response = await request(testApi().app)
      .options('/v1/imports/upload')
      .set({ origin: 'https://evil.example', 'access-control-request-method': 'POST' });
    expect(Object.keys(response.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('names of the configuration are answered', async () => {
    const call = (host: string) =>
      request(testApi({ hosts: ['jobs.example'] }).app)
        .get('/health')
        .set('host', host);
    expect((await call('jobs.example:8080')).status).toBe(200);
    expect((await call('other.example:8080')).status).toBe(421);
  });
});
