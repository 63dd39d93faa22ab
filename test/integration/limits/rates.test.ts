/** The rates of messages, as they hold over all workers, and what the configuration changes about them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageRates, type Rate } from '../../../contracts/queues/rates.ts';
import { withRates } from '../../../services/limits/rates.ts';
import { createLimitStore } from '../../../services/limits/postgres.ts';
import type { LimitStore } from '../../../services/limits/port.ts';
import { createDatabase } from '../../../services/database/pool.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';

let test: TestDatabase;
/** Each has connections of its own, as the workers of two processes have. */
let stores: readonly [LimitStore, LimitStore];
let second: ReturnType<typeof createDatabase>;
beforeAll(async () => {
  test = await testDatabase();
  second = createDatabase({ url: test.url });
  stores = [createLimitStore(test.db), createLimitStore(second)];
});
afterAll(async () => {
  await second.close();
  await test.drop();
});

/** Times at which calls of both workers may start, in milliseconds after the first one, and how long the asking took. */
async function startsOf(key: string, rate: Rate, calls: number) {
  const startedAt = performance.now();
  const waits = await Promise.all(
    Array.from({ length: calls }, async (_, n) => {
      const asked = performance.now();
      const wait = await (stores[n % 2] ?? stores[0]).reserve(key, rate);
      // The database has answered between these two times.
      return { earliest: asked + wait, latest: performance.now() + wait };
    }),
  );
  return { waits, startedAt };
}

describe('RATE-1 the rates of MINGUS', () => {
  it.each([
    ['criticalAlerts', 500],
    ['paymentReminders', 100],
    ['monthlyReports', 1000],
  ] as const)('RATE-1 %s: two workers together start %d in each minute, and not one more', async (name, perMinute) => {
    const { waits } = await startsOf(`rate:${name}`, messageRates[name], perMinute + 20);
    const latest = waits.map((wait) => wait.latest).sort((a, b) => a - b);
    const earliest = waits.map((wait) => wait.earliest).sort((a, b) => a - b);
    // Whatever the asking took, the one after a full window comes at least a minute after the first of the window.
    for (let n = perMinute; n < latest.length; n += 1)
      expect((latest[n] ?? 0) - (earliest[n - perMinute] ?? 0)).toBeGreaterThanOrEqual(60_000 - 1);
    // And nothing is left unused: the whole window is given within a minute.
    expect((earliest[perMinute - 1] ?? 0) - (latest[0] ?? 0)).toBeLessThan(60_000);
    const { rows } = await test.db.query<{ ms: number }>(
      `select extract(epoch from next_at - clock_timestamp())::float8 * 1000 as ms from limit_rates where key = $1`,
      [`rate:${name}`],
    );
    const slot = 60_000 / perMinute;
    expect(rows[0]?.ms).toBeLessThanOrEqual((perMinute + 20) * slot);
    expect(rows[0]?.ms).toBeGreaterThan((perMinute + 20) * slot - 30_000);
  });
});

describe('RATE-2 the configuration', () => {
  const settings = { rates: {}, disableRateLimits: false };

  it('sets another rate for the key of a task or of a service, and leaves the others', async () => {
    const slower = withRates(stores[0], { ...settings, rates: { 'task:shop.order': { count: 1, perMs: 60_000 } } });
    const fast = { count: 1_000, perMs: 1_000 };
    for (const key of ['task:shop.order', 'provider:twilio']) await slower.reserve(key, fast);
    expect(await slower.reserve('task:shop.order', fast)).toBeGreaterThan(55_000);
    expect(await slower.reserve('provider:twilio', fast)).toBeLessThan(10);
  });

  it('switches rates off, and numbers of calls at once stay', async () => {
    const off = withRates(stores[0], { ...settings, disableRateLimits: true });
    const slow = { count: 1, perMs: 3_600_000 };
    expect([await off.reserve('off', slow), await off.reserve('off', slow)]).toEqual([0, 0]);
    expect(await stores[1].reserve('off', slow)).toBe(0);
    expect(await stores[1].reserve('off', slow)).toBeGreaterThan(3_500_000);
    await off.acquire('off', 'one', 1);
    expect(await off.acquire('off', 'two', 1)).toMatchObject({ granted: false });
  });
});
