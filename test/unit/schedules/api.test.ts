import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { PerennialError } from '../../../contracts/failures.ts';
import { testApi, type TestApi } from '../../support/fakes/api.ts';
import { view } from '../../support/fakes/schedules.ts';

function apiWithNightly(): TestApi {
  const api = testApi();
  api.client.schedules.views.set('nightly', view());
  return api;
}

const target = { task: 'documents.extractInvoice', input: {} };

describe('BEAT-22 /v1/schedules', () => {
  it('lists, shows and adds', async () => {
    const api = apiWithNightly();
    const list = await request(api.app).get('/v1/schedules');
    expect(list.body).toEqual({ items: [view()], nextCursor: null });
    expect((await request(api.app).get('/v1/schedules/nightly')).body).toEqual(view());
    expect((await request(api.app).get('/v1/schedules/nothing')).status).toBe(404);
    const again = await request(api.app)
      .post('/v1/schedules')
      .send({ id: 'nightly', timing: { every: { seconds: 5 } }, target });
    expect([again.status, again.headers['location']]).toEqual([200, '/v1/schedules/nightly']);
    expect(api.client.asked.find(([what]) => what === 'add')).toMatchObject([
      'add',
      { id: 'nightly', timeZone: 'UTC' },
    ]);
  });

  it('refuses what is no schedule, naming the field', async () => {
    const bad = { id: 'x', timing: { cron: '0 0 * * *', every: { seconds: 1 } }, target };
    const answer = await request(testApi().app).post('/v1/schedules').send(bad);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      errors: [{ field: 'timing', expected: expect.stringContaining('exactly one of') as string }],
    });
  });

  it('changes, pauses, triggers, removes, each logged', async () => {
    const api = apiWithNightly();
    const { app } = api;
    expect((await request(app).patch('/v1/schedules/nightly').send({ timeZone: 'Asia/Tokyo' })).status).toBe(200);
    expect((await request(app).post('/v1/schedules/nightly/pause').send({ note: 'why' })).status).toBe(200);
    expect((await request(app).post('/v1/schedules/nightly/unpause').send({ note: 'done' })).status).toBe(200);
    expect((await request(app).post('/v1/schedules/nightly/trigger')).status).toBe(202);
    expect((await request(app).delete('/v1/schedules/nightly')).status).toBe(204);
    expect(api.client.asked).toEqual([
      ['update', 'nightly', { timeZone: 'Asia/Tokyo' }],
      ['pause', 'nightly', 'why'],
      ['unpause', 'nightly', 'done'],
      ['trigger', 'nightly'],
      ['remove', 'nightly'],
    ]);
    for (const words of [
      'updated schedule',
      'paused schedule',
      'unpaused schedule',
      'triggered schedule',
      'removed schedule',
    ])
      expect(api.logged.some((line) => line.includes(words) && line.includes('nightly'))).toBe(true);
    expect((await request(app).post('/v1/schedules/nightly/pause').send({})).status).toBe(400);
    expect((await request(app).put('/v1/schedules/nightly')).headers['allow']).toBe(
      'GET, HEAD, PATCH, DELETE, OPTIONS',
    );
  });

  it('backfills and forecasts', async () => {
    const api = apiWithNightly();
    const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
    const dry = await request(api.app)
      .post('/v1/schedules/nightly/backfill')
      .send({ ...range, dryRun: true });
    expect(dry.body).toEqual({ dryRun: true, times: ['2026-01-01T00:00:00Z'] });
    const next = await request(api.app).get('/v1/schedules/nightly/next?count=1&showIn=Asia/Tokyo');
    expect(next.body).toEqual({
      times: [{ kind: 'run', at: '2026-01-01T02:00:00.000Z', local: '2026-01-01T11:00:00+09:00' }],
    });
    const preview = await request(api.app)
      .post('/v1/schedules/preview')
      .send({ timing: { cron: '0 0 1 1 *' }, after: '2026-06-01T00:00:00Z', count: 1 });
    expect(preview.body).toEqual({
      times: [{ kind: 'run', at: '2027-01-01T00:00:00.000Z', local: '2027-01-01T00:00:00Z' }],
    });
  });

  it('answers 409 for names that are taken and schedules of others', async () => {
    for (const type of ['ScheduleConflict', 'ScheduleForeign', 'ScheduleFromCode'] as const) {
      const api = apiWithNightly();
      api.client.schedules.failure = new PerennialError(type, 'expected something else');
      const answer = await request(api.app).delete('/v1/schedules/nightly');
      expect([answer.status, (answer.body as { type: string }).type]).toEqual([409, `urn:perennial:failure:${type}`]);
    }
  });

  it('syncs, and shows the ledger', async () => {
    const api = testApi();
    expect((await request(api.app).post('/v1/schedules/sync').send({ dryRun: true })).body).toEqual(
      api.client.schedules.report,
    );
    const row = {
      scheduleId: 'nightly',
      dueAt: '2026-01-01T02:00:00.000Z',
      state: 'skipped',
      reason: 'overlap',
      detail: null,
      workflowId: null,
      startedAt: null,
    } as const;
    api.scheduleLedger.rows.push(row);
    const page = await request(api.app).get('/v1/schedule-runs?schedule=nightly&state=skipped&limit=5');
    expect(page.body).toEqual({ items: [row], nextCursor: null });
    expect(api.scheduleLedger.asked).toEqual([{ limit: 6, scheduleId: 'nightly', states: ['skipped'] }]);
  });

  it('BEAT-23 creates the report schedule of a user', async () => {
    const answer = await request(testApi().app).post('/v1/schedules/user-reports').send({ userId: 'u1' });
    expect([answer.status, answer.body]).toEqual([201, { status: 'created', task_name: 'user_daily_report_u1' }]);
  });

  it('SEC-3 lets only administrators change schedules', async () => {
    const { app } = testApi({ key: 'secret-key' });
    const asUser = request(app).post('/v1/schedules').set('x-api-key', 'secret-key').send({});
    expect((await asUser).status).toBe(403);
    expect((await request(app).get('/v1/schedules').set('x-api-key', 'secret-key')).status).toBe(200);
  });

  it('takes names with spaces, slashes and any script, written into addresses', async () => {
    const id = 'Täglicher Bericht / Nord?#100%';
    const api = testApi();
    api.client.schedules.views.set(id, view({ id }));
    const address = `/v1/schedules/${encodeURIComponent(id)}`;
    expect((await request(api.app).get(address)).body).toEqual(view({ id }));
    const added = await request(api.app)
      .post('/v1/schedules')
      .send({ id, timing: { every: { seconds: 5 } }, target });
    expect(added.headers['location']).toBe(address);
    const triggered = await request(api.app).post(`${address}/trigger`);
    expect([triggered.status, triggered.headers['location']]).toEqual([202, address]);
    expect((await request(api.app).patch(address).send({ purpose: 'x' })).status).toBe(200);
    expect((await request(api.app).get(`${address}/next?count=1`)).status).toBe(200);
    expect((await request(api.app).delete(address)).status).toBe(204);
    const report = await request(api.app).post('/v1/schedules/user-reports').send({ userId: 'a/b' });
    expect(report.headers['location']).toBe('/v1/schedules/user_daily_report_a%2Fb');
    api.client.asked.pop();
    expect(api.client.asked.filter(([what]) => what !== 'add').map(([, of]) => of)).toEqual([id, id, id, id]);
    for (const wrong of ['a%00b', 'a%0Ab', '%20a', 'a%E2%80%AEb']) {
      const refused = await request(api.app).get(`/v1/schedules/${wrong}`);
      expect([wrong, refused.status]).toEqual([wrong, 400]);
    }
  });

  it('takes the options of a schedule and of its call', async () => {
    const api = testApi();
    const given = {
      id: 'x',
      timing: { at: '2030-01-01T08:00:00Z' },
      start: '2029-01-01',
      end: '2031-01-01',
      oneOff: true,
      paused: true,
      target: { task: 'samples.add', args: [1], kwargs: { b: 2 }, options: { queue: 'q', priority: 9, expires: 60 } },
    };
    api.client.schedules.views.set('x', view({ id: 'x', remaining: 1 }));
    expect((await request(api.app).post('/v1/schedules').send(given)).status).toBe(200);
    expect(api.client.asked[0]).toEqual(['add', { ...given, timeZone: 'UTC', purpose: '', policy: {} }]);
    const canvas = { canvas: { task: 'samples.add', args: [1, 2] }, priorityScale: 'rabbitmq', tenant: 'acme' };
    await request(api.app)
      .post('/v1/schedules')
      .send({ ...given, target: canvas });
    expect(api.client.asked[1]).toMatchObject(['add', { target: canvas }]);
    await request(api.app).patch('/v1/schedules/x').send({ end: null });
    expect(api.client.asked[2]).toEqual(['update', 'x', { end: null }]);
    const preview = await request(api.app)
      .post('/v1/schedules/preview')
      .send({
        timing: { cron: '30 2 * * *' },
        timeZone: 'Europe/Berlin',
        onceADay: true,
        after: '2027-03-27T12:00:00Z',
        end: '2027-03-28T12:00:00Z',
      });
    expect(preview.body).toMatchObject({ times: [{ kind: 'run', at: '2027-03-28T01:00:00.000Z' }] });
  });
});
