/** Breakers in a real PostgreSQL: transitions, and what many askers are told at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBreakerStore } from '../../../services/breakers/postgres.ts';
import type { BreakerAnswer, BreakerStore } from '../../../services/breakers/port.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';

let test: TestDatabase;
let store: BreakerStore;
beforeAll(async () => {
  test = await testDatabase();
  store = createBreakerStore(test.db);
});
afterAll(() => test.drop());

const FOR_MS = 300_000;
const ask = (key: string, holder = 'task', parked?: number): Promise<BreakerAnswer> =>
  store.ask({ key, holder, workflowId: holder, parked, forMs: FOR_MS });
const fail = (key: string, probe?: string, throttledMs?: number): Promise<void> =>
  store.failed({ key, type: 'BackendUnavailable', opensAfter: 5, forMs: FOR_MS, throttledMs, probe });

async function failTimes(key: string, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await fail(key);
}

/** Lets time pass for one breaker. */
async function later(key: string, ms: number): Promise<void> {
  const back = `- $2::float8 * interval '1 millisecond'`;
  await test.db.query(
    `update breakers set last_failure_at = last_failure_at ${back}, next_probe_at = next_probe_at ${back},
       probe_until = probe_until ${back}, throttled_until = throttled_until ${back} where key = $1`,
    [key, ms],
  );
}

async function probeOf(key: string): Promise<string> {
  const answer = await ask(key);
  if (answer.kind !== 'probe') throw new TypeError(`expected a probe, got ${answer.kind}`);
  return answer.probe;
}

async function waitOf(key: string): Promise<number> {
  const answer = await ask(key);
  if (answer.kind !== 'wait') throw new TypeError(`expected to wait, got ${answer.kind}`);
  return answer.waitMs;
}

describe('RETRY-6 the state of a breaker', () => {
  it('opens at the fifth failure in a row, and not at the fourth', async () => {
    await failTimes('five', 4);
    expect(await ask('five')).toEqual({ kind: 'go' });
    await fail('five');
    expect(await ask('five')).toMatchObject({ kind: 'wait', reason: 'BackendUnavailable' });
    expect(await ask('another')).toEqual({ kind: 'go' });
  });

  it('counts from 0 after a success, and from 1 after 300 s without a failure', async () => {
    await failTimes('reset', 4);
    await store.succeeded('reset', undefined);
    await failTimes('reset', 4);
    expect(await ask('reset')).toEqual({ kind: 'go' });
    await later('reset', FOR_MS + 1);
    await failTimes('reset', 4);
    expect(await ask('reset')).toEqual({ kind: 'go' });
    await fail('reset');
    expect(await ask('reset')).toMatchObject({ kind: 'wait' });
  });

  it('counts every failure of many workers at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => fail('together')));
    expect(await ask('together')).toEqual({ kind: 'go' });
    await Promise.all(Array.from({ length: 20 }, () => fail('together')));
    const { rows } = await test.db.query<{ failures: number; opened: number }>(
      `select failures, (select count(*)::int from breaker_changes where key = 'together') as opened
         from breakers where key = 'together'`,
    );
    expect(rows).toEqual([{ failures: 24, opened: 1 }]);
  });

  it('lets one call probe after 300 s from the last failure, whoever asks at the same time', async () => {
    await failTimes('probe', 5);
    await later('probe', 200_000);
    await fail('probe'); // of a call that had begun before
    await later('probe', FOR_MS - 1_000);
    expect(await waitOf('probe')).toBeLessThan(1_000 + 60_000);
    await later('probe', 1_001);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => ask('probe', `t${n}`)));
    expect(answers.filter(({ kind }) => kind === 'probe')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'wait')).toHaveLength(39);
  });

  it('closes when the probe succeeds, and opens for another 300 s when it fails', async () => {
    await failTimes('end', 5);
    await later('end', FOR_MS + 1);
    await fail('end', await probeOf('end'));
    expect(await waitOf('end')).toBeGreaterThan(FOR_MS - 1_000);
    await later('end', FOR_MS + 1);
    const probe = await probeOf('end');
    // A success of a call that had begun before the breaker opened says nothing about now.
    await store.succeeded('end', undefined);
    expect(await ask('end')).toMatchObject({ kind: 'wait' });
    await store.succeeded('end', probe);
    expect(await ask('end')).toEqual({ kind: 'go' });
    await failTimes('end', 4);
    expect(await ask('end')).toEqual({ kind: 'go' });
  });

  it('lets another call probe when the first one died, and ignores what the dead one says later', async () => {
    await failTimes('dead', 5);
    await later('dead', FOR_MS + 1);
    const dead = await probeOf('dead');
    await later('dead', 14_000);
    expect(await ask('dead')).toMatchObject({ kind: 'wait' });
    await store.renew('dead', dead);
    await later('dead', 14_000);
    expect(await ask('dead')).toMatchObject({ kind: 'wait' });
    await later('dead', 1_001);
    const second = await probeOf('dead');
    await store.succeeded('dead', dead);
    expect(await ask('dead')).toMatchObject({ kind: 'wait' });
    await store.undecided('dead', second);
    expect(await ask('dead')).toMatchObject({ kind: 'probe' });
  });
});

describe('a provider that asks to wait', () => {
  it('RATE-2 makes every caller of its key wait, at most for an hour', async () => {
    await fail('busy', undefined, 90_000);
    expect(await waitOf('busy')).toBeGreaterThan(89_000);
    await fail('busy', undefined, 1_000);
    expect(await waitOf('busy')).toBeGreaterThan(89_000);
    await later('busy', 90_001);
    expect(await ask('busy')).toEqual({ kind: 'go' });
    await fail('year', undefined, 365 * 86_400_000);
    expect(await waitOf('year')).toBeLessThanOrEqual(3_600_000 + 60_000);
  });
});

describe('parked calls', () => {
  const parked = async (key: string): Promise<readonly object[]> =>
    (await test.db.query('select holder, calls from breaker_parked where key = $1 order by holder', [key])).rows;

  it('are noted once each, a whole run by one of its calls, and forgotten when they go on', async () => {
    await failTimes('park', 5);
    const question = { key: 'park', workflowId: 'run', forMs: FOR_MS };
    for (const holder of ['a', 'b', 'c']) await store.ask({ ...question, holder, parked: undefined });
    await store.ask({ ...question, holder: 'a', parked: undefined });
    expect(await parked('park')).toEqual(['a', 'b', 'c'].map((holder) => ({ holder, calls: 1 })));
    await store.ask({ ...question, holder: 'b', parked: 3 });
    expect(await parked('park')).toEqual([{ holder: 'b', calls: 3 }]);
    await later('park', FOR_MS + 1);
    expect(await store.ask({ ...question, holder: 'b', parked: 3 })).toMatchObject({ kind: 'probe' });
    expect(await parked('park')).toEqual([]);
  });

  it('go on spread over a time that grows with their number', async () => {
    await failTimes('crowd', 5);
    for (let n = 0; n < 100; n += 1) await ask('crowd', `t${n}`);
    const waits = await Promise.all(Array.from({ length: 50 }, (_, n) => waitOf('crowd').then((ms) => ms + n * 0)));
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(3_000);
    expect(Math.max(...waits)).toBeLessThan(FOR_MS + 60_000);
  });
});
