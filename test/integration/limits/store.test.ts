/** Limits in a real PostgreSQL: places in order, rates as an invariant over many starts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLimitStore } from '../../../services/limits/postgres.ts';
import type { LimitStore } from '../../../services/limits/port.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';

let test: TestDatabase;
let limits: LimitStore;
beforeAll(async () => {
  test = await testDatabase();
  limits = createLimitStore(test.db);
});
afterAll(() => test.drop());

describe('places under a limit of concurrency', () => {
  it('are given in the order in which they were asked for, and come back', async () => {
    expect(await limits.acquire('k', 'a', 2)).toMatchObject({ granted: true, ahead: 0 });
    expect(await limits.acquire('k', 'b', 2)).toMatchObject({ granted: true });
    expect(await limits.acquire('k', 'c', 2)).toMatchObject({ granted: false, ahead: 0 });
    expect(await limits.acquire('k', 'd', 2)).toMatchObject({ granted: false, ahead: 1 });
    // Asking twice is asking once.
    expect(await limits.acquire('k', 'c', 2)).toMatchObject({ granted: false, ahead: 0 });
    expect(await limits.release('k', 'b', 2)).toEqual(['c']);
    expect(await limits.release('k', 'b', 2)).toEqual([]);
    expect(await limits.acquire('k', 'c', 2)).toMatchObject({ granted: true });
    expect(await limits.release('k', 'a', 2)).toEqual(['d']);
  });

  it('are apart for each key, and one who waits may go away', async () => {
    await limits.acquire('x', 'a', 1);
    await limits.acquire('x', 'b', 1);
    await limits.acquire('x', 'c', 1);
    expect(await limits.acquire('y', 'a', 1)).toMatchObject({ granted: true });
    expect(await limits.release('x', 'b', 1)).toEqual([]);
    expect(await limits.release('x', 'a', 1)).toEqual(['c']);
  });

  it('are never more than allowed, whoever asks at the same time', async () => {
    const holders = Array.from({ length: 60 }, (_, n) => `h${n}`);
    const answers = await Promise.all(holders.map((holder) => limits.acquire('crowd', holder, 7)));
    expect(answers.filter(({ granted }) => granted)).toHaveLength(7);
    const { rows } = await test.db.query<{ held: number }>(
      `select count(*)::int as held from limit_places where key = 'crowd' and granted_at is not null`,
    );
    expect(rows[0]?.held).toBe(7);
  });

  it('name those who have not been looked at for a while, to one asker only', async () => {
    await limits.acquire('s', 'silent', 1);
    await test.db.query(`update limit_places set checked_at = now() - interval '1 minute' where key = 's'`);
    expect((await limits.acquire('s', 'w1', 1)).suspects).toEqual(['silent']);
    expect((await limits.acquire('s', 'w2', 1)).suspects).toEqual([]);
  });
});

describe('rates', () => {
  it('space the starts of many askers evenly: no window holds more than its share', async () => {
    const rate = { count: 10, perMs: 1_000 };
    const startedAt = performance.now();
    const waits = await Promise.all(Array.from({ length: 40 }, () => limits.reserve('provider', rate)));
    const spent = performance.now() - startedAt;
    const moments = waits.sort((a, b) => a - b);
    // Each start is a tenth of a second after the one before, but for what the asking itself took.
    moments.forEach((moment, n) => expect(Math.abs(moment - n * 100)).toBeLessThan(spent + 50));
    for (let n = 10; n < moments.length; n += 1)
      expect((moments[n] ?? 0) - (moments[n - 10] ?? 0)).toBeGreaterThan(1_000 - spent - 50);
  });

  it('cost a moment when a reservation is repeated, and never give one twice', async () => {
    const rate = { count: 1, perMs: 60_000 };
    expect(await limits.reserve('twice', rate)).toBe(0);
    expect(await limits.reserve('twice', rate)).toBeGreaterThan(55_000);
    expect(await limits.reserve('twice', rate)).toBeGreaterThan(115_000);
    expect(await limits.reserve('other', rate)).toBe(0);
  });

  it('leave nothing behind for keys that nobody asks for any more', async () => {
    await limits.reserve('old', { count: 1, perMs: 1 });
    await test.db.query(`update limit_rates set next_at = now() - interval '1 hour' where key = 'old'`);
    await limits.reserve('new', { count: 1, perMs: 1 });
    const { rows } = await test.db.query<{ key: string }>(`select key from limit_rates where key in ('old', 'new')`);
    expect(rows.map(({ key }) => key)).toEqual(['new']);
  });
});
