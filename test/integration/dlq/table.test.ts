/** The table of dead letters as applications know it, and its routes over real rows. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi } from '../../support/fakes/api.ts';
import { startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const adminKey = 'a-key-of-sixteen-characters';
const get = (path: string): request.Test =>
  request(testApi({ adminKey }, { dlq: world.client.dlq }).app)
    .get(path)
    .set('authorization', `Bearer ${adminKey}`);

/** Inserts a letter with what has no default. */
async function insert(taskId: string, others: { readonly tenant?: string; readonly resolution?: string } = {}) {
  const { tenant = null, resolution = null } = others;
  const text = `insert into dead_letters
      (task_id, task_name, error_type, error_message, failure_class, workflow, workflow_id, run_id, step_path,
       fingerprint, version, input_hash, tenant, resolution, resolved)
    values ($1, 'samples.add', 'FileMissing', 'gone', 'permanent', 'runTask', $1, $1, 'root', 'f', 'v', 'h', $2, $3, $4)`;
  await world.database.db.query(text, [taskId, tenant, resolution, resolution !== null]);
}

describe('DLQ-1 the table of dead letters', () => {
  it('has the twelve columns that applications know, with their defaults', async () => {
    await insert('defaults');
    const { rows } = await world.database.db.query(
      `select id, task_id, task_name, args, kwargs, error_type, error_message, traceback, retry_count, failed_at,
         requeued_at, resolved from dead_letters where task_id = 'defaults'`,
    );
    expect(rows).toEqual([
      {
        ...{ id: expect.anything() as unknown, task_id: 'defaults', task_name: 'samples.add', args: [], kwargs: {} },
        ...{ error_type: 'FileMissing', error_message: 'gone', traceback: '', retry_count: 0 },
        ...{ failed_at: expect.any(Date) as Date, requeued_at: null, resolved: false },
      },
    ]);
  });

  it('has one row for each task, and none without its name or its failure', async () => {
    await insert('twice');
    await expect(insert('twice')).rejects.toThrow('[23505]');
    const missing = world.database.db.query(`insert into dead_letters (task_id) values ('nameless')`);
    await expect(missing).rejects.toThrow('[23502]');
  });
});

describe('DLQ-3 the list of dead letters', () => {
  it('holds 50 open letters of all, the oldest first, and skips as many as are asked for', async () => {
    for (let n = 0; n < 60; n += 1) await insert(`list-${String(n)}`, { tenant: 'lists' });
    for (const id of ['done-1', 'done-2']) await insert(id, { tenant: 'lists', resolution: 'resolved' });
    const idsOf = (answer: request.Response): unknown[] =>
      (answer.body as { items: { taskId: string }[] }).items.map(({ taskId }) => taskId);
    const expected = Array.from({ length: 60 }, (_, n) => `list-${String(n)}`);
    const first = await get('/v1/dlq?tenant=lists');
    expect([first.status, (first.body as { total: number }).total]).toEqual([200, 60]);
    expect(idsOf(first)).toEqual(expected.slice(0, 50));
    expect(idsOf(await get('/v1/dlq?tenant=lists&skip=55&limit=2'))).toEqual(expected.slice(55, 57));
  });
});

describe('DLQ-4 a letter by its task', () => {
  it('is not found, or is closed already', async () => {
    await insert('closed', { resolution: 'discarded' });
    const { app } = testApi({ adminKey }, { dlq: world.client.dlq });
    const requeue = (id: string): request.Test =>
      request(app).post(`/v1/dlq/${id}/requeue`).set('authorization', `Bearer ${adminKey}`).send({});
    expect([(await requeue('nobody')).status, (await requeue('closed')).status]).toEqual([404, 409]);
  });
});
