/** One rule for every Idempotency-Key, on every route that changes something, over the real store of answers. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isKeyed } from '../../../api/http/route.ts';
import { createRoutes } from '../../../api/routes.ts';
import { Unavailable } from '../../../client/index.ts';
import { createOldRecords } from '../../../services/housekeeping/old-records.ts';
import { createKeptAnswers } from '../../../services/answers/postgres.ts';
import type { TestApi } from '../../support/fakes/api.ts';
import { taskInfo } from '../../support/fakes/tasks.ts';
import { CONTENTS, freshKey, keyedWorld, send, type Sent } from '../../support/keyed-routes.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const world = (settings: Parameters<typeof keyedWorld>[1] = {}): TestApi =>
  keyedWorld(createKeptAnswers(database.db, 'request_answers'), settings);

const key = 'a-key-of-sixteen-characters';
const adminKey = 'another-key-for-administrators';

const keyed = createRoutes('test')
  .filter((route) => isKeyed(route))
  .map(({ path }) => path);

describe('every route that changes something', () => {
  test('is looked at here; those on which a key has no effect compute, or hear signed news that may come twice', () => {
    expect(keyed.toSorted()).toEqual(Object.keys(CONTENTS).toSorted());
    const others = createRoutes('test').filter((route) => route.method === 'post' && !isKeyed(route));
    const computing = ['/v1/codec/decode', '/v1/codec/encode', '/v1/schedules/preview'];
    const news = ['/v1/messages/news/answers', '/v1/messages/news/status', '/v1/webhooks/stripe'];
    expect(others.map(({ path }) => path).toSorted()).toEqual([...computing, ...news].toSorted());
  });

  test.each(keyed)(
    '%s: same content, same answer, done once; other content is refused with both named',
    async (path) => {
      const api = world();
      const idempotencyKey = freshKey();
      const first = await send(api, { path, idempotencyKey });
      expect([first.status, first.text]).toEqual([expect.toSatisfy((status: number) => status < 300), first.text]);
      expect(first.headers['idempotency-replayed']).toBeUndefined();
      const asked = api.client.asked.length;
      const again = await send(api, { path, idempotencyKey });
      expect([again.status, again.text, again.headers['location'], again.headers['content-type']]).toEqual([
        first.status,
        first.text,
        first.headers['location'],
        first.headers['content-type'],
      ]);
      expect(again.headers['idempotency-replayed']).toBe('true');
      const other = await send(api, { path, idempotencyKey, second: true });
      expect([other.status, other.type]).toEqual([422, 'application/problem+json']);
      const { fingerprints, detail } = other.body as {
        fingerprints: { first: string; second: string };
        detail: string;
      };
      expect(fingerprints.first).toMatch(/^[0-9a-f]{32}$/);
      expect(fingerprints.second).toMatch(/^[0-9a-f]{32}$/);
      expect(fingerprints.second).not.toBe(fingerprints.first);
      expect(detail).toContain(fingerprints.first);
      expect(api.client.asked).toHaveLength(asked);
      const unrelated = await send(api, { path, idempotencyKey: freshKey(), second: true });
      expect(unrelated.status).toBeLessThan(300);
    },
  );
});

const path = '/v1/batches';
const start = (api: TestApi, idempotencyKey: string, more: Partial<Sent> = {}) =>
  send(api, { path, idempotencyKey, ...more });

describe('a key', () => {
  test('belongs to the API key that it came with', async () => {
    const api = world({ key, adminKey });
    const idempotencyKey = freshKey();
    const first = await start(api, idempotencyKey, { shown: key });
    const other = await start(api, idempotencyKey, { shown: adminKey, second: true });
    expect([first.status, other.status]).toEqual([202, 202]);
    expect(other.body).not.toEqual(first.body);
  });

  test('is refused on another route, and counts whatever ?wait says', async () => {
    const api = world();
    const idempotencyKey = freshKey();
    expect((await start(api, idempotencyKey)).status).toBe(202);
    expect((await send(api, { path: '/v1/batches/:id/pause', idempotencyKey })).status).toBe(422);
    const task = freshKey();
    const called = (query: string) =>
      request(api.app)
        .post(`/v1/tasks${query}`)
        .set('Idempotency-Key', task)
        .send({ task: 'samples.add', args: [1, 2] });
    const [now, later] = [await called(''), await called('?wait=1')];
    expect([later.status, later.text]).toEqual([now.status, now.text]);
  });

  test('counts whatever the order of the fields', async () => {
    const api = world();
    const idempotencyKey = freshKey();
    const call = (body: object) => request(api.app).post(path).set('Idempotency-Key', idempotencyKey).send(body);
    const first = await call({ paths: ['/a'], window: 2 });
    expect((await call({ window: 2, paths: ['/a'] })).body).toEqual(first.body);
  });

  test('of a refused request is free for another content', async () => {
    const api = world();
    const idempotencyKey = freshKey();
    const unknown = { path: '/v1/tasks/:id/retry', idempotencyKey };
    api.client.scripted.infos.clear();
    expect((await send(api, unknown)).status).toBe(404);
    api.client.scripted.infos.set('t1', taskInfo());
    expect((await send(api, { ...unknown, second: true })).status).toBe(202);
  });

  test('of a request that failed stays with its content, and the request is carried out again', async () => {
    const api = world();
    const idempotencyKey = freshKey();
    api.client.failure = new Unavailable('no server');
    expect((await start(api, idempotencyKey)).status).toBe(503);
    api.client.failure = undefined;
    expect((await start(api, idempotencyKey, { second: true })).status).toBe(422);
    const again = await start(api, idempotencyKey);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([202, undefined]);
    const ids = api.client.asked.map(([, , options]) => options);
    expect(ids[1]).toEqual(ids[0]);
  });
});

describe('twins', () => {
  /** A world in which a batch starts when the test says so. */
  function slow(settings: Parameters<typeof keyedWorld>[1] = {}) {
    const api = world(settings);
    const { batchOcr } = api.client.documents;
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    Object.assign(api.client.documents, {
      batchOcr: async (...given: Parameters<typeof batchOcr>) => {
        const batch = await batchOcr(...given);
        await gate;
        return batch;
      },
    });
    return { api, go };
  }

  test('at the same time: one is carried out, all get its answer', async () => {
    const { api, go } = slow();
    const idempotencyKey = freshKey();
    const all = Promise.all(Array.from({ length: 5 }, () => start(api, idempotencyKey)));
    await expect.poll(() => api.client.asked.length).toBe(1);
    go();
    const answers = await all;
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(api.client.asked).toHaveLength(1);
  });

  test('that would wait for long are told to come again', async () => {
    const { api, go } = slow({ twinWaitMs: 50 });
    const idempotencyKey = freshKey();
    const first = start(api, idempotencyKey).then((answer) => answer);
    await expect.poll(() => api.client.asked.length).toBe(1);
    const twin = await start(api, idempotencyKey);
    expect([twin.status, twin.headers['retry-after']]).toEqual([409, '2']);
    expect((twin.body as { detail: string }).detail).toContain('Send the same request again in 2 s');
    go();
    expect((await start(api, idempotencyKey)).text).toBe((await first).text);
  });

  test('take the place of one whose process was killed', async () => {
    const { api } = slow({ twinWaitMs: 50 });
    const idempotencyKey = freshKey();
    void start(api, idempotencyKey).then((answer) => answer);
    await expect.poll(() => api.client.asked.length).toBe(1);
    await database.db.query(`update request_answers set held_until = now() - interval '1 second' where answer is null`);
    const again = await start(world(), idempotencyKey);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([202, undefined]);
  });
});

describe('what is stored', () => {
  test('tells neither keys nor contents nor answers, and is deleted by housekeeping', async () => {
    const api = world();
    const idempotencyKey = 'visible-key-of-a-caller';
    const sent = await request(api.app)
      .post('/v1/emails')
      .set('Idempotency-Key', idempotencyKey)
      .send({ to: 'secret.person@example.com', subject: 'visible subject', body: 'visible body' });
    expect(sent.status).toBe(202);
    const { rows } = await database.db.query<{ name: string; fingerprint: string; answer: Buffer | null }>(
      'select name, fingerprint, answer from request_answers',
    );
    const text = rows.map(({ answer, ...row }) => JSON.stringify(row) + String(answer)).join();
    expect(rows.length).toBeGreaterThan(0);
    expect(text).not.toMatch(/visible|secret|queued|email/);
    const records = createOldRecords(database.db);
    const purge = (before: Date) => records.purge({ before, dryRun: false, signal: AbortSignal.timeout(10_000) });
    expect(await purge(new Date(Date.now() - 60_000))).toMatchObject({ request_answers: 0 });
    expect(await purge(new Date(Date.now() + 60_000))).toMatchObject({ request_answers: rows.length });
  });

  test('is no answer that was changed', async () => {
    const api = world();
    const idempotencyKey = freshKey();
    await start(api, idempotencyKey);
    await database.db.query(`update request_answers set answer = set_byte(answer, 20, 1 - (get_byte(answer, 20) & 1))`);
    expect((await start(api, idempotencyKey)).status).toBe(500);
  });
});
