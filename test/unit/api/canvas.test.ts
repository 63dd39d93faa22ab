import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { canvasTreeSchema, canvasViewSchema } from '../../../api/canvas/schemas.ts';
import { Unavailable } from '../../../client/index.ts';
import { catalogue, type AnyTask } from '../../../contracts/catalogue.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { testApi } from '../../support/fakes/api.ts';
import { taskInfo } from '../../support/fakes/tasks.ts';

const external = (catalogue as readonly AnyTask[]).find((task) => task.external === true)?.name ?? '';
const internal = (catalogue as readonly AnyTask[]).find((task) => task.external !== true)?.name ?? '';

describe('POST /v1/canvas', () => {
  it('starts a composition of tasks that may be started from outside', async () => {
    const { app, client } = testApi();
    const canvas = { task: 'celery.group', kwargs: { tasks: [{ task: external, kwargs: {} }] }, subtask_type: 'group' };
    const answer = await request(app).post('/v1/canvas').send({ canvas, priorityScale: 'redis' });
    expect([answer.status, answer.body]).toEqual([202, { id: 'canvas:c1' }]);
    expect(client.asked).toContainEqual([
      'canvas',
      canvas,
      { priorityScale: 'redis', id: undefined, externalOnly: true },
    ]);
  });

  it('P3-20 refuses other tasks, and says where they stand', async () => {
    const { app } = testApi();
    const canvas = { task: 'celery.chain', kwargs: { tasks: [{ task: internal }] }, subtask_type: 'chain' };
    const answer = await request(app).post('/v1/canvas').send({ canvas });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain('canvas.kwargs.tasks[0].task');
  });

  it('takes a group of 100,000, and says how much is too much', async () => {
    const { app, client } = testApi();
    const member = { task: external, args: [], kwargs: { data: 12_345 }, options: {}, immutable: false };
    const canvas = { task: 'celery.group', kwargs: { tasks: Array(100_000).fill(member) }, subtask_type: 'group' };
    const body = JSON.stringify({ canvas });
    expect(body.length).toBeGreaterThan(10 * 1024 * 1024);
    const answer = await request(app).post('/v1/canvas').set('content-type', 'application/json').send(body);
    expect(answer.status).toBe(202);
    expect(client.asked).toHaveLength(1);
    const more = await request(app)
      .post('/v1/canvas')
      .send({ canvas: 'x'.repeat(51 * 1024 * 1024) });
    expect([more.status, (more.body as { detail: string }).detail]).toEqual([
      413,
      'The body is larger than the limit of 50 MB.',
    ]);
  });

  it('the same key is the same run', async () => {
    const { app } = testApi();
    const send = () =>
      request(app)
        .post('/v1/canvas')
        .set('Idempotency-Key', 'k')
        .send({ canvas: { task: external } });
    const [first, second] = [await send(), await send()];
    expect((first.body as { id: string }).id).toMatch(/^canvas:key-/);
    expect(second.body).toEqual(first.body);
  });
});

describe('runs of canvases', () => {
  it('MON-4 GET /v1/canvas/:id gives counts and failures; an unknown run is 404', async () => {
    const { app } = testApi();
    const answer = await request(app).get('/v1/canvas/c1');
    expect([answer.status, canvasViewSchema.safeParse(answer.body).success]).toEqual([200, true]);
    expect(answer.body).toMatchObject({ total: 10, retrying: 1, failures: [{ path: 'root/1', type: 'FileMissing' }] });
    const unknown = await request(app).get('/v1/canvas/unknown');
    expect([unknown.status, unknown.type]).toEqual([404, 'application/problem+json']);
  });

  it('MON-4 GET /v1/canvas/:id/result gives the answer that a task gives; POST /v1/canvas says where it is', async () => {
    const { app, client } = testApi();
    const over = taskInfo({ task_id: 'canvas:c1', task_name: 'celery.group', result: [1, 2], info: [1, 2] });
    client.scripted.infos.set('canvas:c1', over);
    const started = await request(app)
      .post('/v1/canvas')
      .send({ canvas: { task: external } });
    expect(started.headers['location']).toBe('/v1/canvas/canvas%3Ac1');
    const answer = await request(app).get('/v1/canvas/c1/result');
    expect([answer.status, answer.body]).toEqual([200, over]);
    expect((await request(app).get('/v1/canvas/unknown/result')).status).toBe(404);
  });

  it('MON-4 GET /v1/canvas/:id/tree gives a piece of the tree', async () => {
    const { app, client } = testApi();
    const answer = await request(app).get('/v1/canvas/c1/tree?path=root&limit=2&after=0');
    expect([answer.status, canvasTreeSchema.safeParse(answer.body).success]).toEqual([200, true]);
    expect(client.asked).toContainEqual(['tree', 'c1', { path: 'root', limit: 2, after: 0 }]);
    expect((await request(app).get('/v1/canvas/c1/tree?limit=0')).body).toMatchObject({ errors: [{ field: 'limit' }] });
  });

  it('MON-5 POST /v1/canvas/:id/cancel and /retry say which run it is', async () => {
    const { app, client } = testApi();
    const cancelled = await request(app).post('/v1/canvas/c1/cancel');
    expect([cancelled.status, cancelled.body]).toEqual([202, { id: 'canvas:c1' }]);
    const again = await request(app).post('/v1/canvas/c1/retry');
    expect([again.status, again.body]).toEqual([202, { id: 'c1.retry-1-00000000' }]);
    const revoked = await request(app).post('/v1/canvas/c1/revoke').send({ path: 'root/1' });
    expect([revoked.status, revoked.body]).toEqual([200, { status: 'revoked', id: 'c1', path: 'root/1', calls: 2 }]);
    expect((await request(app).post('/v1/canvas/c1/revoke').send({})).body).toMatchObject({
      errors: [{ field: 'path' }],
    });
    client.failure = new PerennialError('RunNotOver', 'still going on');
    expect((await request(app).post('/v1/canvas/c1/retry')).status).toBe(409);
  });
});

describe('a cancellation that a stuck run cannot take', () => {
  it('is answered with the way out, whether it is cancelled or revoked', async () => {
    const { app, client } = testApi();
    const detail = "The cancellation of 'c1' is not delivered: reset it with --type LastWorkflowTask";
    client.failure = new Unavailable(detail);
    client.scripted.infos.set('c1', taskInfo());
    client.scripted.refusal = client.failure;
    for (const [path, body] of [
      ['/v1/canvas/c1/cancel', {}],
      ['/v1/canvas/c1/revoke', { path: 'root' }],
      ['/v1/tasks/c1/revoke', {}],
    ] as const) {
      const answer = await request(app).post(path).send(body);
      expect([path, answer.status, answer.body]).toMatchObject([path, 503, { detail }]);
    }
  });
});

describe('approvals of a canvas', () => {
  it('lists what waits, and passes a decision on with who made it', async () => {
    const { app, client } = testApi();
    const waiting = await request(app).get('/v1/canvas/c1/approvals');
    expect(waiting.body).toMatchObject({ items: [{ path: 'root/1', message: 'Pay it?', until: null }] });
    const decided = await request(app)
      .post(`/v1/canvas/c1/approvals/${encodeURIComponent('root/2/header/0')}`)
      .send({ decision: 'reject', by: 'Ada', note: 'too much' });
    expect([decided.status, decided.body]).toEqual([
      200,
      { path: 'root/2/header/0', decision: 'reject', by: 'Ada', note: 'too much' },
    ]);
    expect(client.asked).toContainEqual(['reject', 'c1', 'root/2/header/0', { by: 'Ada', note: 'too much' }]);
  });

  it.each([
    [{ decision: 'maybe', by: 'Ada' }, 'decision'],
    [{ decision: 'approve' }, 'by'],
    [{ decision: 'approve', by: ' ' }, 'by'],
  ])('%j is refused, and nobody is told', async (body, field) => {
    const { app, client } = testApi();
    const answer = await request(app).post('/v1/canvas/c1/approvals/root').send(body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(field);
    expect(client.asked).toEqual([]);
  });
});
