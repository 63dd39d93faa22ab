/** What operators see and set of breakers, over HTTP and by command, with the real ones in PostgreSQL. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBreakerControls } from '../../../client/breakers/controls.ts';
import type { Rpc } from '../../../client/connection/rpc.ts';
import { createBreakerStore } from '../../../services/breakers/postgres.ts';
import { createBreakerRecords } from '../../../services/breakers/records.ts';
import type { BreakerStore } from '../../../services/breakers/port.ts';
import type { BreakerView } from '../../../client/index.ts';
import { testApi } from '../../support/fakes/api.ts';
import { breakerView } from '../../support/fakes/breakers.ts';
import { testCli } from '../../support/fakes/cli.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';

let test: TestDatabase;
let store: BreakerStore;
beforeAll(async () => {
  test = await testDatabase();
  store = createBreakerStore(test.db);
});
afterAll(() => test.drop());

const KEY = 'http://stock.example.com/api';
const PATH = `/v1/breakers/${encodeURIComponent(KEY)}`;
const adminKey = 'a-key-of-an-administrator';

function controls() {
  const rpc = { client: { options: { identity: 'tests' } } } as Rpc; // nothing else of it is used
  return createBreakerControls({ rpc, breakerRecords: createBreakerRecords(test.db) });
}

async function fail(key: string, times: number): Promise<void> {
  const failure = { key, type: 'BackendUnavailable', opensAfter: 5, forMs: 300_000, throttledMs: undefined };
  for (let n = 0; n < times; n += 1) await store.failed({ ...failure, probe: undefined });
}

const ask = (key: string, holder = 'task') =>
  store.ask({ key, holder, workflowId: holder, parked: undefined, forMs: 300_000 });

describe('breakers over HTTP', () => {
  it('RETRY-6 show state, reason, failures, next probe and waiting calls, and who closed them and why', async () => {
    const api = testApi({ adminKey });
    Object.assign(api.client, { breakers: controls() });
    const get = (path: string) => request(api.app).get(path).set('x-api-key', adminKey);
    await fail(KEY, 5);
    for (const holder of ['a', 'b', 'c']) await ask(KEY, holder);
    const body = (await get('/v1/breakers')).body as { items: BreakerView[] };
    expect(body).toMatchObject({
      items: [{ key: KEY, state: 'open', failures: 5, reason: 'BackendUnavailable', parked: 3 }],
    });
    const [{ nextProbeAt, lastFailureAt } = breakerView()] = body.items;
    expect(Date.parse(nextProbeAt ?? '') - Date.parse(lastFailureAt ?? '')).toBe(300_000);
    const closed = await request(api.app)
      .post(`${PATH}/close`)
      .set('x-api-key', adminKey)
      .send({ reason: 'it is back' });
    expect(closed.body).toMatchObject({ state: 'closed', failures: 0, reason: null, nextProbeAt: null });
    expect(await ask(KEY)).toEqual({ kind: 'go' });
    expect((await get(PATH)).body).toMatchObject({
      changes: [
        { change: 'closed', by: 'administrator', reason: 'it is back' },
        { change: 'opened', by: 'perennial', reason: 'BackendUnavailable, 5 in a row' },
      ],
    });
    expect(api.logged.join('\n')).toContain('"by":"administrator"');
  });

  it('refuse a change without a reason and a key that nobody knows, and name those that are known', async () => {
    const api = testApi();
    Object.assign(api.client, { breakers: controls() });
    expect((await request(api.app).post(`${PATH}/open`).send({})).status).toBe(400);
    expect((await request(api.app).post(`${PATH}/open`).send({ reason: 'x', forMs: -1 })).status).toBe(400);
    const unknown = await request(api.app).post('/v1/breakers/nobody/close').send({ reason: 'x' });
    expect(unknown.status).toBe(404);
    expect(unknown.text).toContain(KEY);
  });
});

describe('perennial breakers', () => {
  const cliOf = () => {
    const cli = testCli();
    Object.assign(cli.client, { breakers: controls() });
    return cli;
  };

  it('RETRY-6 opens one until it is closed: no call goes and none probes, however long it takes', async () => {
    const cli = cliOf();
    const opened = await cli.run('breakers', 'open', 'smtp:mail', '--reason', 'the server moves', '--by', 'ada');
    expect(opened.stdout).toMatch(/smtp:mail +open +0 /);
    await test.db.query(`update breakers set opened_at = now() - interval '1 day' where key = 'smtp:mail'`);
    expect(await ask('smtp:mail')).toMatchObject({ kind: 'wait', reason: 'the server moves' });
    // A failure of a call that was under way does not end what an operator holds.
    await fail('smtp:mail', 1);
    expect(await ask('smtp:mail')).toMatchObject({ kind: 'wait', reason: 'the server moves' });
    expect((await cli.run('breakers', 'close', 'smtp:mail', '--reason', 'moved', '--by', 'ada')).code).toBe(0);
    expect(await ask('smtp:mail')).toEqual({ kind: 'go' });
    expect(JSON.parse((await cli.run('breakers', 'show', 'smtp:mail')).stdout)).toMatchObject({
      changes: [
        { change: 'closed', by: 'ada', reason: 'moved' },
        { change: 'opened', by: 'ada', reason: 'the server moves' },
      ],
    });
  });

  it('opens one for a time, after which a call probes; what probed before may not close it', async () => {
    const cli = cliOf();
    await fail('late', 5);
    await test.db.query(`update breakers set next_probe_at = now() where key = 'late'`);
    const answer = await ask('late');
    await cli.run('breakers', 'open', 'late', '--for', '60', '--reason', 'wait', '--by', 'ada');
    await store.succeeded('late', answer.kind === 'probe' ? answer.probe : undefined);
    expect(await ask('late')).toMatchObject({ kind: 'wait' });
    await test.db.query(`update breakers set next_probe_at = next_probe_at - interval '60 s' where key = 'late'`);
    expect(await ask('late')).toMatchObject({ kind: 'probe' });
    expect((await cli.run('breakers', 'list', '-o', 'jsonl')).stdout).toContain('"state":"half-open"');
  });
});

describe('a client without a database', () => {
  it('says what it needs', async () => {
    const rpc = { client: { options: { identity: 'tests' } } } as Rpc; // nothing else of it is used
    await expect(createBreakerControls({ rpc, breakerRecords: undefined }).list()).rejects.toThrow('breakerRecords');
  });
});
