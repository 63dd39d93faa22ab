/** Tasks and queues over HTTP, with a scripted client behind the real routes. */
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { NotFound } from '../../../client/index.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { testApi } from '../../support/fakes/api.ts';
import { taskInfo } from '../../support/fakes/tasks.ts';

const key = 'a-key-of-sixteen-characters';
const adminKey = 'a-key-of-an-administrator';

describe('MON-4 GET /v1/tasks/:id', () => {
  it('MON-4 gives task_id, state, result, traceback and info', async () => {
    const api = testApi();
    const info = { exc_type: 'BackendUnavailable', exc_message: 'away', retry_count: 2 };
    api.client.scripted.infos.set('t1', taskInfo({ state: 'RETRY', result: null, info, ready: false }));
    const response = await request(api.app).get('/v1/tasks/t1');
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ task_id: 't1', state: 'RETRY', result: null, traceback: null, info });
  });

  it('an unknown id is 404, never PENDING', async () => {
    const response = await request(testApi().app).get('/v1/tasks/nobody');
    expect(response.status).toBe(404);
    expect(response.type).toBe('application/problem+json');
  });

  it('lists tasks by tenant, and refuses what would have to be quoted', async () => {
    const api = testApi();
    const response = await request(api.app).get('/v1/tasks?tenant=acme&limit=5');
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ items: [{ task_id: 't1' }], nextCursor: expect.any(String) as string });
    expect(api.client.asked.at(-1)).toEqual(['pageOfTasks', { tenant: 'acme' }, { limit: 5, system: false }]);
    await request(api.app).get('/v1/tasks?system=true');
    expect(api.client.asked.at(-1)).toEqual(['pageOfTasks', {}, { limit: 100, system: true }]);
    expect((await request(api.app).get('/v1/tasks?system=1')).status).toBe(400);
    const { nextCursor } = response.body as { nextCursor: string };
    const second = await request(api.app).get(`/v1/tasks?tenant=acme&limit=9&cursor=${nextCursor}`);
    expect(second.body).toMatchObject({ items: [{ task_id: 'more' }], nextCursor: null });
    expect((await request(api.app).get("/v1/tasks?tenant=a'b")).status).toBe(400);
  });
});

describe('MON-5 revoking over HTTP', () => {
  it('MON-5 gives status, task_id and terminated, and logs it', async () => {
    const api = testApi();
    api.client.scripted.infos.set('t1', taskInfo());
    const response = await request(api.app).post('/v1/tasks/t1/revoke').send({ terminate: true });
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ status: 'revoked', task_id: 't1', terminated: true });
    expect(api.logged.join('\n')).toMatch(/"task_id":"t1","terminate":true} task revoked/);
    const plain = await request(api.app).post('/v1/tasks/t1/revoke').send({});
    expect(plain.body).toMatchObject({ terminated: false });
  });

  it('MON-5 runs a task again, and logs that it did, without its input', async () => {
    const api = testApi();
    api.client.scripted.infos.set('t1', taskInfo());
    const response = await request(api.app)
      .post('/v1/tasks/t1/retry')
      .send({ input: { secret: 'x' } });
    expect([response.status, response.body]).toEqual([202, { task_id: 't1.retry-1-00000000', retry_of: 't1' }]);
    expect(api.client.asked).toContainEqual(['retryTask', 't1', { input: { secret: 'x' }, externalOnly: true }]);
    expect(api.logged.join('\n')).toMatch(/"task_id":"t1","repeated_as":.*"replaced":true} task run again/);
    expect(api.logged.join('\n')).not.toContain('secret');
    expect((await request(api.app).post('/v1/tasks/unknown/retry').send({})).status).toBe(404);
  });

  it('MON-5 revokes whatever matches', async () => {
    const api = testApi();
    const response = await request(api.app).post('/v1/tasks/revoke').send({ tag: 'nightly', terminate: true });
    expect(response.body).toEqual({ status: 'revoked', matched: 2, terminated: true });
    expect(api.client.asked.at(-1)).toEqual(['revokeMatching', { tag: 'nightly' }, { terminate: true }]);
  });
});

describe('PRIO-10 POST /v1/tasks/execute', () => {
  it('PRIO-10 starts a task by name and answers with id, name, priority and queue', async () => {
    const api = testApi();
    const response = await request(api.app)
      .post('/v1/tasks/execute')
      .send({ task_name: 'samples.add', args: [1, 2] });
    expect(response.status).toBe(202);
    expect(response.body).toEqual({ task_id: 't1', task_name: 'samples.add', priority: 5, queue: 'default' });
    expect(api.client.asked.at(-1)).toEqual(['execute', { task: 'samples.add', args: [1, 2], kwargs: {} }]);
  });

  it('PRIO-10 hands countdown, eta, expires and key on', async () => {
    const api = testApi();
    const given = { task_name: 'samples.add', args: [1, 2], eta: '2027-01-01 12:00', expires: 60, key: 'order-17' };
    expect((await request(api.app).post('/v1/tasks/execute').send(given)).status).toBe(202);
    const { task_name, key: idempotencyKey, ...options } = given;
    expect(api.client.asked.at(-1)).toEqual(['execute', { task: task_name, kwargs: {}, idempotencyKey, ...options }]);
  });

  it('PRIO-10 hands on that what fails for good waits for a person', async () => {
    const api = testApi();
    const given = { task_name: 'samples.add', args: [1, 2], on_failure: 'park', parked_for: 3600 };
    expect((await request(api.app).post('/v1/tasks/execute').send(given)).status).toBe(202);
    const expected = { task: 'samples.add', args: [1, 2], kwargs: {}, onFailure: 'park', parkedFor: 3600 };
    expect(api.client.asked.at(-1)).toEqual(['execute', expected]);
  });

  it("PRIO-10 takes kombu's typed times as the texts they hold", async () => {
    const api = testApi();
    const typed = (type: string, text: string) => ({ __type__: type, __value__: text });
    const given = { task_name: 'samples.add', args: [1, 2] };
    const times = { eta: typed('datetime', '2027-01-01T12:00:00+00:00'), expires: typed('date', '2027-01-02') };
    expect(
      (
        await request(api.app)
          .post('/v1/tasks/execute')
          .send({ ...given, ...times })
      ).status,
    ).toBe(202);
    const plain = { eta: '2027-01-01T12:00:00+00:00', expires: '2027-01-02' };
    expect(api.client.asked.at(-1)).toEqual(['execute', { task: 'samples.add', args: [1, 2], kwargs: {}, ...plain }]);
  });

  it.each([
    [{ task_name: 'samples.add', eta: { __type__: 'datetime', __value__: 'yesterday' } }, 400],
    [{ task_name: 'samples.add', eta: { __type__: 'decimal', __value__: '2027-01-01' } }, 400],
    [{ task_name: 'samples.add', expires: { __type__: 'datetime', __value__: 60 } }, 400],
    [{ task_name: 'samples.add', eta: '60' }, 400],
    [{ task_name: 'samples.add', expires: '60' }, 400],
    [{ task_name: 'samples.add', countdown: -1 }, 400],
    [{ task_name: 'samples.add', key: '' }, 400],
    [{ task_name: 'samples.add', priority: 11 }, 400],
    [{ task_name: 'samples.add', priority: 0 }, 400],
    [{ priority: 5 }, 400],
    [{ task_name: 'samples.add', args: 'x' }, 400],
    [{ task_name: 'samples.add', pickled: 'x' }, 400],
  ])('P3-20 refuses %j with %d', async (body, status) => {
    expect((await request(testApi().app).post('/v1/tasks/execute').send(body)).status).toBe(status);
  });

  it.each([
    ['UnknownTask', 404],
    ['UnknownQueue', 404],
    ['ResidencyViolation', 400],
    ['QueueDraining', 409],
    ['PayloadTooLarge', 413],
  ] as const)('P3-20 P3-21 %s is %d', async (type, status) => {
    const api = testApi();
    api.client.scripted.refusal = new PerennialError(type, 'because');
    const response = await request(api.app).post('/v1/tasks/execute').send({ task_name: 'samples.add' });
    expect(response.status).toBe(status);
    expect(response.body).toMatchObject({ failure: { type } });
  });

  it('GEO-4 POST /v1/tasks/execute-regional answers with the region it really goes to', async () => {
    const api = testApi();
    const response = await request(api.app)
      .post('/v1/tasks/execute-regional')
      .send({ task_name: 'samples.add', region: 'atlantis', args: [1, 2] });
    expect(response.status).toBe(202);
    expect(response.body).toEqual({ task_id: 't1', region: 'eu-west' });
  });
});

const adminRoutes = [
  ['/v1/tasks', { task: 'samples.add' }],
  ['/v1/tasks/execute', { task_name: 'samples.add' }],
  ['/v1/tasks/execute-regional', { task_name: 'samples.add', region: 'asia' }],
  ['/v1/tasks/revoke', { tag: 'x' }],
  ['/v1/tasks/t1/revoke', {}],
  ['/v1/tasks/t1/retry', {}],
  ['/v1/canvas/c1/cancel', {}],
  ['/v1/canvas/c1/retry', {}],
  ['/v1/canvas/c1/revoke', { path: 'root/0' }],
  ['/v1/queues/documents.default/pause', { reason: 'x' }],
  ['/v1/queues/documents.default/resume', { reason: 'x' }],
  ['/v1/queues/documents.default/drain', { reason: 'x' }],
  ['/v1/queues/documents.default/rate', { reason: 'x', rate: null }],
  ['/v1/breakers/smtp:mail/open', { reason: 'x' }],
  ['/v1/breakers/smtp:mail/close', { reason: 'x' }],
] as const;

describe('P3-20 administrators only', () => {
  it.each(adminRoutes)('P3-20 POST %s needs the key of an administrator', async (path, body) => {
    const api = testApi({ key, adminKey });
    api.client.scripted.infos.set('t1', taskInfo());
    const post = (token?: string) => {
      const call = request(api.app).post(path).send(body);
      return token === undefined ? call : call.set('authorization', `Bearer ${token}`);
    };
    expect((await post()).status).toBe(401);
    expect((await post('wrong')).status).toBe(401);
    expect((await post(key)).status).toBe(403);
    expect((await post(adminKey)).status).toBeLessThan(300);
  });

  it('P3-20 without such a key nobody may, but the key of an administrator opens everything else', async () => {
    const shut = await request(testApi({ key }).app)
      .post('/v1/tasks/execute')
      .set('x-api-key', key)
      .send({ task_name: 'samples.add' });
    expect(shut.status).toBe(403);
    const open = testApi({ key, adminKey });
    expect((await request(open.app).get('/v1/queues').set('x-api-key', adminKey)).status).toBe(200);
    expect((await request(open.app).get('/v1/queues').set('x-api-key', key)).status).toBe(200);
    expect((await request(open.app).get('/v1/queues')).status).toBe(401);
  });
});

describe('queues over HTTP', () => {
  it('are listed and looked at', async () => {
    const api = testApi();
    expect((await request(api.app).get('/v1/queues')).body).toMatchObject({ items: [{ name: 'documents.default' }] });
    expect((await request(api.app).get('/v1/queues/documents.ocr')).body).toMatchObject({ name: 'documents.ocr' });
    api.client.scripted.refusal = new NotFound('x', 'queue');
    expect((await request(api.app).get('/v1/queues/x')).status).toBe(404);
  });

  it('are paused, drained and resumed with a reason and a name, which are logged', async () => {
    const api = testApi();
    const change = { reason: 'maintenance', by: 'alice' };
    for (const [verb, state] of Object.entries({ pause: 'paused', drain: 'draining', resume: 'running' })) {
      const response = await request(api.app).post(`/v1/queues/documents.email/${verb}`).send(change);
      expect(response.body).toMatchObject({ name: 'documents.email', state });
      expect(api.client.asked.at(-1)).toEqual([`${verb}Queue`, 'documents.email', change]);
    }
    expect(api.logged.join('\n')).toMatch(/"reason":"maintenance","by":"alice"/);
    expect((await request(api.app).post('/v1/queues/documents.email/pause').send({})).status).toBe(400);
    await request(api.app).post('/v1/queues/documents.email/pause').send({ reason: 'x' });
    expect(api.client.asked.at(-1)).toEqual(['pauseQueue', 'documents.email', { reason: 'x', by: 'api' }]);
  });

  it('P3-34 get a rate, and lose it again', async () => {
    const api = testApi();
    const rate = { count: 100, perMs: 60_000 };
    await request(api.app).post('/v1/queues/documents.email/rate').send({ rate, reason: 'provider' });
    expect(api.client.asked.at(-1)).toEqual(['setRate', 'documents.email', rate, { reason: 'provider', by: 'api' }]);
    const wrong = await request(api.app)
      .post('/v1/queues/documents.email/rate')
      .send({ rate: { count: -1, perMs: 1 }, reason: 'x' });
    expect(wrong.status).toBe(400);
  });
});
