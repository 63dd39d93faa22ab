import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { catalogue, type AnyTask } from '../../../contracts/catalogue.ts';
import { testApi } from '../../support/fakes/api.ts';

const external = (catalogue as readonly AnyTask[]).find((task) => task.external === true)?.name ?? '';
const internal = (catalogue as readonly AnyTask[]).find((task) => task.external !== true)?.name ?? '';

describe('POST /canvas', () => {
  it('starts a composition of tasks that may be started from outside', async () => {
    const { app, client } = testApi();
    const canvas = { task: 'celery.group', kwargs: { tasks: [{ task: external, kwargs: {} }] }, subtask_type: 'group' };
    const answer = await request(app).post('/canvas').send({ canvas, priorityScale: 'redis' });
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
    const answer = await request(app).post('/canvas').send({ canvas });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain('canvas.kwargs.tasks[0].task');
  });

  it('the same key is the same run', async () => {
    const { app } = testApi();
    const send = () =>
      request(app)
        .post('/canvas')
        .set('Idempotency-Key', 'k')
        .send({ canvas: { task: external } });
    const [first, second] = [await send(), await send()];
    expect((first.body as { id: string }).id).toMatch(/^canvas:key-/);
    expect(second.body).toEqual(first.body);
  });
});
