/** Caches of tasks: one load for many who ask, misses told from values, tags, and tenants, in both stores. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DefinedCache, TaskCache } from '../../../contracts/cache/definition.ts';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';
import { defineCache } from '../../../define/index.ts';
import type { CacheStore } from '../../../services/cache/port.ts';
import { createPostgresCache } from '../../../services/cache/postgres.ts';
import { createRedisCache } from '../../../services/cache/redis.ts';
import { cacheFor } from '../../../activities/shell/cache/typed.ts';
import { findRedis, startRedis, type TestRedis } from '../../support/servers/redis.ts';
import { silentLog } from '../../support/silent-log.ts';
import { startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

const program = await findRedis();
const names = ['PostgreSQL', ...(program === undefined ? [] : ['Redis'])];

let world: TaskWorld;
let redis: TestRedis | undefined;
/** Each store twice, as two workers have it. */
const stores: Record<string, readonly [CacheStore, CacheStore]> = {};
beforeAll(async () => {
  world = await startTaskWorld();
  const ofPostgres = (): CacheStore => createPostgresCache({ database: world.database.db, maxBytes: BYTES_PER_MB });
  stores['PostgreSQL'] = [ofPostgres(), ofPostgres()];
  if (program === undefined) return;
  redis = await startRedis(program);
  const { url } = redis;
  const ofRedis = (): Promise<CacheStore> => createRedisCache({ url, lost: () => undefined });
  stores['Redis'] = [await ofRedis(), await ofRedis()];
});
afterAll(async () => {
  await Promise.all(Object.values(stores).flatMap((both) => both.map((store) => store.close())));
  await redis?.stop();
  await world.stop();
});

interface Using {
  readonly tenant?: string;
  readonly signal?: AbortSignal;
  readonly worker?: 0 | 1;
}

let cachesMade = 0;
/** A cache of its own for each test. */
function prices(
  options: { readonly ttlSeconds?: number } = {},
): DefinedCache<{ sku: string; in?: string | undefined }, { cents: number } | null> {
  cachesMade += 1;
  return defineCache({
    name: `shop.prices ${String(cachesMade)}`,
    key: z.object({ sku: z.string(), in: z.string().optional() }),
    value: z.object({ cents: z.int() }).nullable(),
    tags: ({ sku }) => [`sku/${sku}`, 'prices'],
    ...options,
  });
}

describe.each(names)('CACHE-2 a cache in %s', (name) => {
  const use = ({ tenant, signal = new AbortController().signal, worker = 0 }: Using = {}): TaskCache => {
    const store = stores[name]?.[worker];
    if (store === undefined) throw new TypeError(`expected a store, got ${name}`);
    return cacheFor(store, { tenant, log: silentLog.body, stop: { signal } });
  };

  it('loads once, then has it: equal keys are one, whatever their order; others are others', async () => {
    const of = prices();
    let loads = 0;
    const load = () => ({ cents: ++loads });
    expect(await use().of(of).getOrLoad({ sku: 'a', in: 'EUR' }, load)).toEqual({ cents: 1 });
    expect(await use({ worker: 1 }).of(of).getOrLoad({ in: 'EUR', sku: 'a' }, load)).toEqual({ cents: 1 });
    expect(await use().of(of).getOrLoad({ sku: 'a' }, load)).toEqual({ cents: 2 });
    expect(await use().of(of).getOrLoad({ sku: 'a,in=EUR' }, load)).toEqual({ cents: 3 });
    expect(await use().of(prices()).getOrLoad({ sku: 'a' }, load)).toEqual({ cents: 4 });
  });

  it('tells a miss from a value that is nothing', async () => {
    const cache = use().of(prices());
    expect(await cache.get({ sku: 'a' })).toEqual({ hit: false });
    expect(await cache.set({ sku: 'a' }, null)).toBe(true);
    expect(await cache.get({ sku: 'a' })).toEqual({ hit: true, value: null });
    expect(await cache.getOrLoad({ sku: 'a' }, () => ({ cents: 1 }))).toBe(null);
    expect(await cache.set({ sku: 'a' }, { cents: 2 }, { only: 'absent' })).toBe(false);
    expect(await cache.delete({ sku: 'a' })).toBe(true);
    expect(await cache.delete({ sku: 'a' })).toBe(false);
    expect(await cache.set({ sku: 'a' }, { cents: 2 }, { only: 'present' })).toBe(false);
  });

  it('loads once for 40 who ask at the same time on two workers', async () => {
    const of = prices();
    let loads = 0;
    const asked = Array.from({ length: 40 }, (_, n) =>
      use({ worker: n % 2 === 0 ? 0 : 1 })
        .of(of)
        .getOrLoad({ sku: 'a' }, async () => {
          loads += 1;
          await sleep(300);
          return { cents: loads };
        }),
    );
    expect(new Set((await Promise.all(asked)).map((price) => price?.cents))).toEqual(new Set([1]));
    expect(loads).toBe(1);
  });

  it('keeps nothing of a load that fails: the next one who asks loads', async () => {
    const cache = use().of(prices());
    const failed = cache.getOrLoad({ sku: 'a' }, () => Promise.reject(new RangeError('away')));
    const next = sleep(10).then(() => cache.getOrLoad({ sku: 'a' }, () => ({ cents: 1 })));
    await expect(failed).rejects.toThrow(new RangeError('away'));
    expect(await next).toEqual({ cents: 1 });
  });

  it('refuses a load that asks for its own key, and takes one that asks for another', async () => {
    const cache = use().of(prices());
    const itself = cache.getOrLoad({ sku: 'a' }, () => cache.getOrLoad({ sku: 'a' }, () => null));
    await expect(itself).rejects.toThrow(/expected a load that asks for other keys than its own/);
    const other = cache.getOrLoad({ sku: 'a' }, () => cache.getOrLoad({ sku: 'b' }, () => ({ cents: 1 })));
    expect(await other).toEqual({ cents: 1 });
  });

  it('a stop ends the waiting for the load of somebody else', async () => {
    const of = prices();
    let open = (): void => undefined;
    const first = use()
      .of(of)
      .getOrLoad({ sku: 'a' }, async () => {
        await new Promise<void>((resolve) => (open = resolve));
        return { cents: 1 };
      });
    await sleep(100);
    const stop = new AbortController();
    const second = use({ signal: stop.signal })
      .of(of)
      .getOrLoad({ sku: 'a' }, () => ({ cents: 2 }));
    stop.abort(new Error('revoked'));
    await expect(second).rejects.toThrow('revoked');
    open();
    expect(await first).toEqual({ cents: 1 });
  });

  it('forgets by tag, also what was being loaded meanwhile', async () => {
    const of = prices();
    const cache = use().of(of);
    for (const sku of ['a', 'b']) await cache.set({ sku }, { cents: 1 });
    expect(await use({ worker: 1 }).deleteTagged('sku/a')).toBe(true);
    expect(await cache.get({ sku: 'a' })).toEqual({ hit: false });
    expect(await cache.get({ sku: 'b' })).toMatchObject({ hit: true });
    const loaded = await cache.getOrLoad({ sku: 'a' }, async () => {
      await use({ worker: 1 }).deleteTagged('prices');
      return { cents: 2 };
    });
    expect(loaded).toEqual({ cents: 2 });
    for (const sku of ['a', 'b']) expect(await cache.get({ sku })).toEqual({ hit: false });
    await cache.set({ sku: 'a' }, { cents: 3 });
    expect(await cache.get({ sku: 'a' })).toEqual({ hit: true, value: { cents: 3 } });
  });

  it('SEC-3 has entries of each tenant apart, and those of nobody', async () => {
    const of = prices();
    await use({ tenant: 'a' }).of(of).set({ sku: 'x' }, { cents: 1 });
    expect(await use({ tenant: 'b' }).of(of).get({ sku: 'x' })).toEqual({ hit: false });
    expect(await use().of(of).get({ sku: 'x' })).toEqual({ hit: false });
    await use({ tenant: 'b' }).deleteTagged('prices');
    expect(await use({ tenant: 'a' }).of(of).get({ sku: 'x' })).toMatchObject({ hit: true });
  });

  it('keeps an entry for its time, and an hour where nothing is said', async () => {
    expect(prices().ttlSeconds).toBe(3_600);
    const cache = use().of(prices({ ttlSeconds: 0.2 }));
    await cache.set({ sku: 'a' }, { cents: 1 });
    expect(await cache.get({ sku: 'a' })).toMatchObject({ hit: true });
    await sleep(300);
    expect(await cache.get({ sku: 'a' })).toEqual({ hit: false });
    for (const ttlSeconds of [0, -1, Number.NaN, 31 * 86_400]) {
      const wrong = /ttlSeconds: expected more than 0 and at most 2592000 seconds, got/;
      await expect(cache.set({ sku: 'a' }, null, { ttlSeconds })).rejects.toThrow(wrong);
      const load = (): never => expect.fail('expected no load');
      await expect(cache.getOrLoad({ sku: 'a' }, load, { ttlSeconds })).rejects.toThrow(wrong);
      expect(() => prices({ ttlSeconds })).toThrow(wrong);
    }
  });

  it('an entry of another shape is no hit, and a value of another shape is refused', async () => {
    const before = prices();
    await use().of(before).set({ sku: 'a' }, { cents: 1 });
    const after = defineCache({
      ...before,
      key: z.object({ sku: z.string() }),
      value: z.object({ euros: z.number() }),
    });
    expect(await use().of(after).get({ sku: 'a' })).toEqual({ hit: false });
    const wrong = { cents: 1.5 };
    const refused = expect.objectContaining({ type: 'InvalidOutput' }) as Error;
    await expect(use().of(before).set({ sku: 'a' }, wrong)).rejects.toEqual(refused);
    await expect(
      use()
        .of(before)
        .getOrLoad({ sku: 'b' }, () => wrong),
    ).rejects.toEqual(refused);
    await expect(
      use()
        .of(before)
        .get({ sku: 7 as never }),
    ).rejects.toThrow(/key: sku: .*string/);
  });

  it('keeps no value above 1 MB, which its maker gets all the same', async () => {
    const texts = defineCache({ name: 'texts', key: z.string(), value: z.string() });
    const cache = use().of(texts);
    const text = 'x'.repeat(1_000_001);
    expect(await cache.getOrLoad('large', () => text)).toBe(text);
    expect(await cache.get('large')).toEqual({ hit: false });
  });
});

describe('a cache whose store does not answer', () => {
  it('finds nothing, keeps nothing and loads each time', async () => {
    const away = new Proxy({} as CacheStore, { get: () => () => Promise.reject(new Error('away')) });
    const cache = cacheFor(away, { tenant: undefined, log: silentLog.body, stop: new AbortController() });
    const one = cache.of(prices());
    expect(await one.getOrLoad({ sku: 'a' }, () => ({ cents: 1 }))).toEqual({ cents: 1 });
    expect(await one.getOrLoad({ sku: 'a' }, () => ({ cents: 2 }))).toEqual({ cents: 2 });
    expect(await one.set({ sku: 'a' }, null)).toBe(false);
    expect(await one.delete({ sku: 'a' })).toBe(false);
    expect(await cache.deleteTagged('prices')).toBe(false);
  });
});

it('CACHE-3 PERF-3 cached_task: the second call has the result of the first, for an hour, of its key alone', async () => {
  const call = (key: string) => world.client.task('operations.cachedTask').call({ key });
  await world.withWorkers(async () => {
    const first = await (await call('a')).result();
    expect(first).toMatchObject({ key: 'a', cached: false, result: expect.stringMatching(/^[\da-f]{32}$/) as string });
    expect(await (await call('a')).result()).toEqual({ ...first, cached: true });
    expect(await (await call('b')).result()).toMatchObject({ cached: false });
  });
  const { rows } = await world.database.db.query<{ key: string; seconds: number }>(
    `select key, extract(epoch from expires_at - now())::int as seconds from cache_entries where key like '%task\\_result:a'`,
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.seconds).toBeGreaterThan(3_500);
  expect(rows[0]?.seconds).toBeLessThanOrEqual(3_600);
});
