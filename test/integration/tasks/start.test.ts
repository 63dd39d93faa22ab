/** Starts of tasks over HTTP, with a scripted client behind the real routes. */
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { Conflict, NotExternal } from '../../../client/index.ts';
import { testApi } from '../../support/fakes/api.ts';
import { taskInfo } from '../../support/fakes/tasks.ts';

const call = { task: 'samples.add', args: [1, 2], kwargs: {} };
const options = {
  priority: 9,
  queue: 'documents.high_priority',
  tenant: 'acme',
  tags: ['nightly'],
  limits: [{ key: 'provider', concurrency: 2 }],
  headers: { trace: 'x' },
  ignoreResult: true,
  softTimeLimit: 5,
  hardTimeLimit: 9,
  countdown: 3,
  expires: 60,
  id: 'order-17',
  link: { task: 'samples.double' },
  linkError: [{ task: 'samples.log' }],
};

describe('POST /v1/tasks', () => {
  it('starts a task by name, and says where it goes', async () => {
    const api = testApi();
    const response = await request(api.app).post('/v1/tasks').send({ task: 'samples.add', region: 'atlantis' });
    expect(response.status).toBe(202);
    expect(response.headers['location']).toBe('/v1/tasks/t1');
    expect(response.body).toEqual({
      id: 't1',
      task: 'samples.add',
      priority: 5,
      queue: 'default',
      region: 'eu-west',
    });
  });

  it('hands every option of a call on', async () => {
    const api = testApi();
    const response = await request(api.app)
      .post('/v1/tasks')
      .send({ ...call, ...options });
    expect(response.status).toBe(202);
    expect(api.client.asked.at(-1)).toEqual(['execute', { ...call, ...options }]);
  });

  it.each([
    [{}, 'task'],
    [{ ...call, priority: 11 }, 'priority'],
    [{ ...call, countdown: '3' }, 'countdown'],
    [{ ...call, limits: [{ key: 'x' }] }, 'limits[0]'],
    [{ ...call, task_name: 'samples.add' }, 'task_name'],
  ])('refuses %j and names %s', async (body, field) => {
    const response = await request(testApi().app).post('/v1/tasks').send(body);
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ errors: [{ field }] });
  });

  it('answers 403 with the remedy for a task that only programs may start', async () => {
    const api = testApi();
    api.client.scripted.refusal = new NotExternal('shop.ship');
    const response = await request(api.app).post('/v1/tasks').send({ task: 'shop.ship' });
    expect(response.status).toBe(403);
    expect(response.body).toMatchObject({ detail: expect.stringContaining('`external: true`') as string });
  });
});

describe('Idempotency-Key of a start', () => {
  const start = (api: ReturnType<typeof testApi>, body: object, key: string) =>
    request(api.app).post('/v1/tasks').set('Idempotency-Key', key).send(body);

  it('is the id of the task, the same for the same key', async () => {
    const api = testApi();
    for (const key of ['order 17', 'order 17', 'order 18']) await start(api, call, key);
    const ids = api.client.asked.map(([, given]) => (given as { id: string }).id);
    expect(ids).toEqual([expect.stringMatching(/^key-[0-9a-f]{32}$/), expect.stringMatching(/^key-/)]);
    expect(ids[1]).not.toBe(ids[0]);
  });

  it('with other content is 422, while an id with other content is 409', async () => {
    const api = testApi();
    api.client.scripted.refusal = new Conflict('x', 'first', 'second');
    expect((await start(api, call, 'order 17')).status).toBe(422);
    const named = await request(api.app)
      .post('/v1/tasks')
      .send({ ...call, id: 'x' });
    expect(named.status).toBe(409);
  });

  it('excludes an id, and has at most 255 characters', async () => {
    const both = await start(testApi(), { ...call, id: 'mine' }, 'order 17');
    expect([both.status, both.body]).toMatchObject([400, { errors: [{ field: 'id' }] }]);
    const long = await start(testApi(), call, 'x'.repeat(256));
    expect([long.status, long.body]).toMatchObject([400, { errors: [{ field: 'Idempotency-Key' }] }]);
  });
});

describe('?wait', () => {
  it('answers with the result of a task that ends in time, else as without it', async () => {
    const api = testApi();
    api.client.scripted.infos.set('t1', taskInfo());
    const over = await request(api.app).post('/v1/tasks?wait=5').send(call);
    expect([over.status, over.body]).toMatchObject([200, { task_id: 't1', state: 'SUCCESS', result: 3 }]);
    api.client.scripted.infos.set('t1', taskInfo({ state: 'STARTED', ready: false, result: null }));
    const open = await request(api.app).post('/v1/tasks?wait=5').send(call);
    expect([open.status, open.body]).toMatchObject([202, { id: 't1' }]);
    const shown = await request(api.app).get('/v1/tasks/t1?wait=0.01');
    expect([shown.status, shown.body]).toMatchObject([200, { state: 'STARTED' }]);
  });

  it.each(['61', '-1', 'soon'])('refuses %s', async (wait) => {
    const response = await request(testApi().app).get(`/v1/tasks/t1?wait=${wait}`);
    expect([response.status, response.body]).toMatchObject([400, { errors: [{ field: 'wait' }] }]);
  });
});
