/** Entries of caches in PostgreSQL, in Redis and in memory: the same operations with the same answers. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CacheEntries } from '../../../contracts/cache/definition.ts';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';
import { createMemoryCache } from '../../../activities/shell/cache/memory.ts';
import type { CacheStore } from '../../../services/cache/port.ts';
import { createPostgresCache } from '../../../services/cache/postgres.ts';
import { createRedisCache } from '../../../services/cache/redis.ts';
import { cacheFor } from '../../../activities/shell/cache/typed.ts';
import { openCache } from '../../../workers/cache.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { findRedis, startRedis, type TestRedis } from '../../support/servers/redis.ts';
import { silentLogger } from '../../support/silent-log.ts';

const program = await findRedis();
const stop = new AbortController();
const lines: [string, unknown][] = [];
const log = { debug: () => undefined, warn: (message: string, fields?: unknown) => void lines.push([message, fields]) };

let test: TestDatabase;
let redis: TestRedis | undefined;
const stores: Record<string, CacheStore> = { memory: createMemoryCache() };
beforeAll(async () => {
  test = await testDatabase();
  stores['PostgreSQL'] = createPostgresCache({ database: test.db, maxBytes: BYTES_PER_MB });
  if (program === undefined) return;
  redis = await startRedis(program);
  stores['Redis'] = await createRedisCache({ url: redis.url, lost: () => undefined });
});
afterAll(async () => {
  await Promise.all(Object.values(stores).map((store) => store.close()));
  await redis?.stop();
  await test.drop();
});
beforeEach(() => void lines.splice(0));

const names = ['memory', 'PostgreSQL', ...(program === undefined ? [] : ['Redis'])];

const entriesIn = (name: string, tenant?: string): CacheEntries => {
  const store = stores[name];
  if (store === undefined) throw new TypeError(`expected a store, got ${name}`);
  return cacheFor(store, { tenant, log, stop }).entries;
};

describe.each(names)('CACHE-1 entries in %s', (name) => {
  let entries: CacheEntries;
  beforeEach(async () => {
    entries = entriesIn(name);
    expect(await entries.flush()).toBe(true);
  });

  it('keeps JSON, with a default for what is not there', async () => {
    expect(await entries.get('nothing')).toBe(undefined);
    expect(await entries.get('nothing', 7)).toBe(7);
    for (const value of [{ a: [1, null, 'x\u0000y'] }, [], '', 0, false, null, 'text', 'ø漢🙂']) {
      expect(await entries.set('value', value)).toBe(true);
      expect(await entries.get('value', 'default')).toEqual(value);
    }
  });

  it('writes only where nothing, or only where something is', async () => {
    expect(await entries.set('once', 1, { xx: true })).toBe(false);
    expect(await entries.set('once', 2, { nx: true })).toBe(true);
    expect(await entries.set('once', 3, { nx: true })).toBe(false);
    expect(await entries.set('once', 4, { xx: true })).toBe(true);
    expect(await entries.get('once')).toBe(4);
  });

  it('forgets what has expired, and what is deleted', async () => {
    await entries.set('short', 1, { expire: 0.2 });
    await entries.set('long', 1);
    expect(await entries.expire('long', 0.2)).toBe(true);
    expect(await entries.expire('nobody', 10)).toBe(false);
    await entries.set('kept', 1, { expire: 60 });
    expect(await entries.exists('short', 'long', 'kept', 'nobody')).toBe(3);
    await sleep(300);
    expect(await entries.exists('short', 'long', 'kept')).toBe(1);
    expect(await entries.get('short')).toBe(undefined);
    expect(await entries.set('short', 2, { nx: true })).toBe(true);
    expect(await entries.delete('short', 'kept', 'nobody')).toBe(2);
    expect(await entries.get('short')).toBe(undefined);
  });

  it('counts, by many at once', async () => {
    expect(await entries.incr('n')).toBe(1);
    expect(await entries.incr('n', 10)).toBe(11);
    expect(await entries.decr('n', 4)).toBe(7);
    await Promise.all(Array.from({ length: 40 }, () => entries.incr('n')));
    expect(await entries.get('n')).toBe(47);
  });

  it('has lists, from both ends', async () => {
    expect(await entries.rpush('list', 'c', { d: 1 })).toBe(2);
    expect(await entries.lpush('list', 'b', 'a')).toBe(4);
    expect(await entries.lrange('list')).toEqual(['a', 'b', 'c', { d: 1 }]);
    expect(await entries.lrange('list', 1, 2)).toEqual(['b', 'c']);
    expect(await entries.lrange('list', -2)).toEqual(['c', { d: 1 }]);
    expect(await entries.lrange('list', -100, -4)).toEqual(['a']);
    expect(await entries.lrange('list', 3, 1)).toEqual([]);
    expect(await entries.lrange('nothing')).toEqual([]);
  });

  it('has hashes', async () => {
    expect(await entries.hset('hash', 'a', { n: 1 })).toBe(true);
    expect(await entries.hset('hash', 'a', 2)).toBe(false);
    expect(await entries.hset('hash', 'b c', null)).toBe(true);
    expect(await entries.hget('hash', 'a')).toBe(2);
    expect(await entries.hget('hash', 'x')).toBe(undefined);
    expect(await entries.hgetall('hash')).toEqual({ a: 2, 'b c': null });
    expect(await entries.hgetall('nothing')).toEqual({});
  });

  it('has sets', async () => {
    expect(await entries.sadd('set', 'a', 'b', 'a')).toBe(2);
    expect(await entries.sadd('set', 'b', 'c')).toBe(1);
    expect([...(await entries.smembers('set'))].sort()).toEqual(['a', 'b', 'c']);
    expect(await entries.smembers('nothing')).toEqual([]);
  });

  it('lists keys by a pattern, those of the tenant alone', async () => {
    for (const key of ['user:1', 'user:22', 'user_1', 'a%b', 'a[b]', 'shop*']) await entries.set(key, 1);
    await entriesIn(name, 'other').set('user:3', 1);
    expect(await entries.keys('user:*')).toEqual(['user:1', 'user:22']);
    expect(await entries.keys('user?1')).toEqual(['user:1', 'user_1']);
    expect(await entries.keys('a%b')).toEqual(['a%b']);
    expect(await entries.keys('a[b]')).toEqual(['a[b]']);
    expect(await entries.keys()).toHaveLength(6);
    expect(await entriesIn(name, 'other').keys()).toEqual(['user:3']);
    expect(await entriesIn(name, '*').keys()).toEqual([]);
  });

  it('SEC-3 flushes the entries of one tenant alone, and finds no others', async () => {
    await entriesIn(name, 'other').set('mine', 1);
    await entries.set('mine', 2);
    expect(await entries.flush()).toBe(true);
    expect(await entries.keys()).toEqual([]);
    expect(await entriesIn(name, 'other').get('mine')).toBe(1);
    expect(await entries.ping()).toBe(true);
  });

  it('tells keys apart that are long, odd or alike', async () => {
    const keys = ['k'.repeat(5_000), `${'k'.repeat(5_000)}2`, 'a\u0000b', 'a\ud800', 'a\ud801', '', '#x', '=1'];
    for (const [n, key] of keys.entries()) await entries.set(key, n);
    for (const [n, key] of keys.entries()) expect(await entries.get(key), String(n)).toBe(n);
  });

  it('answers with the neutral value where the key holds something else, and says so without it', async () => {
    await entries.rpush('a secret', 1);
    expect(await entries.hget('a secret', 'f')).toBe(undefined);
    expect(await entries.incr('a secret')).toBe(0);
    expect(await entries.sadd('a secret', 1)).toBe(0);
    expect(lines).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain('secret');
    expect(await entries.lrange('a secret')).toEqual([1]);
  });
});

const neutral: readonly [string, (entries: CacheEntries) => Promise<unknown>, unknown][] = [
  ['get', (entries) => entries.get('k', 'default'), 'default'],
  ['set', (entries) => entries.set('k', 1), false],
  ['delete', (entries) => entries.delete('k'), 0],
  ['exists', (entries) => entries.exists('k'), 0],
  ['expire', (entries) => entries.expire('k', 1), false],
  ['incr', (entries) => entries.incr('k'), 0],
  ['decr', (entries) => entries.decr('k'), 0],
  ['lpush', (entries) => entries.lpush('k', 1), 0],
  ['rpush', (entries) => entries.rpush('k', 1), 0],
  ['lrange', (entries) => entries.lrange('k'), []],
  ['hset', (entries) => entries.hset('k', 'f', 1), false],
  ['hget', (entries) => entries.hget('k', 'f'), undefined],
  ['hgetall', (entries) => entries.hgetall('k'), {}],
  ['sadd', (entries) => entries.sadd('k', 1), 0],
  ['smembers', (entries) => entries.smembers('k'), []],
  ['keys', (entries) => entries.keys(), []],
  ['flush', (entries) => entries.flush(), false],
  ['ping', (entries) => entries.ping(), false],
];

describe.skipIf(program === undefined)('CACHE-1 a Redis that goes away (needs redis-server, or pip)', () => {
  it('each operation gives its neutral value at once and writes one line, and all is well when it is back', async () => {
    const entries = entriesIn('Redis');
    await entries.set('before', 1);
    await redis?.kill();
    const began = performance.now();
    for (const [name, ask, value] of neutral) {
      expect(await ask(entries), name).toEqual(value);
      expect(lines.at(-1)?.[1], name).toMatchObject({ operation: name });
    }
    expect(lines).toHaveLength(neutral.length);
    expect(performance.now() - began).toBeLessThan(neutral.length * 2_500);
    await redis?.start();
    // Each connection comes back by itself. Its log of writes was kept.
    await expect.poll(() => entries.get('before')).toBe(1);
    await expect.poll(() => entries.ping()).toBe(true);
  });

  it('a worker asks it at its start, and says what is wrong without the password', async () => {
    const options = { database: test.db, logger: silentLogger };
    const opened = await openCache({ redisUrl: redis?.url, maxBytes: 1 }, options);
    await opened.ping();
    await opened.close();
    for (const redisUrl of ['redis://user:pass-word@127.0.0.1:1/0', redis?.url.replace('//', '//user:pass-word@')]) {
      const refused = openCache({ redisUrl, maxBytes: 1 }, options);
      await expect(refused).rejects.toThrow(/REDIS_URL: expected a Redis server that answers at 127\.0\.0\.1/);
      await expect(refused).rejects.not.toThrow(/pass-word/);
    }
  });

  it('CACHE-4 runs with the settings of a cache', async () => {
    const client = await createClient({ url: String(redis?.url), RESP: 2 })
      .on('error', () => undefined)
      .connect();
    const wanted = {
      maxmemory: String(256 * 2 ** 20),
      'maxmemory-policy': 'allkeys-lru',
      appendonly: 'yes',
      save: '900 1 300 10 60 10000',
      databases: '16',
      'tcp-keepalive': '300',
      timeout: '0',
      loglevel: 'notice',
      bind: '127.0.0.1',
    };
    for (const [setting, value] of Object.entries(wanted))
      expect(await client.configGet(setting), setting).toEqual({ [setting]: value });
    await client.close();
  });
});

describe('entries in PostgreSQL', () => {
  it('make room: what has expired goes, and what was used longest ago', async () => {
    const small = createPostgresCache({ database: test.db, maxBytes: 300_000 });
    await test.db.query('truncate cache_entries');
    await small.set('old', randomBytes(75_000).toString('base64'));
    await small.set('used', randomBytes(75_000).toString('base64'));
    await small.set('expired', 'z', { ttlMs: 1 });
    await test.db.query(`update cache_entries set used_at = now() - interval '1 hour'`);
    await small.get(['used']);
    for (let n = 0; n < 4_096; n += 64)
      await Promise.all(
        Array.from({ length: 64 }, (_, at) =>
          small.set(`many ${String((n + at) % 200)}`, randomBytes(450).toString('base64')),
        ),
      );
    expect(await small.count(['used', 'old', 'many 1'])).toBe(2);
    expect(await small.get(['old', 'expired'])).toEqual([undefined, undefined]);
    const { rows } = await test.db.query(`select 1 from cache_entries where key = 'expired'`);
    expect(rows).toEqual([]);
  });
});
