/** Entries of caches in Redis, or in a server that speaks its protocol. Nothing else of the product is kept there. */
import { createClientPool } from 'redis';
import type { CacheStore, WriteOptions } from './port.ts';

/** What the store takes. */
export interface RedisCacheOptions {
  /** `redis://user:password@host:port/number`, or `rediss://` with TLS. */
  readonly url: string;
  /** Is told when a connection fails; it is made again by itself. */
  readonly lost: (error: Error) => void;
}

/** Connections of one process. */
const CONNECTIONS = 50;

/** Who asks a cache would rather do without than wait, in milliseconds. */
const PATIENCE_MS = 2_000;

/** Longest pause between two attempts to connect, in milliseconds. */
const LONGEST_PAUSE_MS = 2_000;

/** Keys that the server looks at in one step. */
const SCANNED_AT_ONCE = 1_000;
const MOST_KEYS = 10_000;

/**
 * Connects.
 *
 * @throws Error the server does not answer
 */
export async function createRedisCache({ url, lost }: RedisCacheOptions): Promise<CacheStore> {
  // A first connection that fails tells of a wrong address or password; one that was there comes back.
  let connected = false;
  const pool = poolOf(url, () => connected);
  pool.on('error', (error: Error) => {
    if (connected) lost(error);
  });
  try {
    await pool.connect();
  } catch (error) {
    pool.destroy();
    throw error;
  }
  connected = true;
  return storeIn(pool);
}

type Pool = ReturnType<typeof poolOf>;

function poolOf(url: string, comesBack: () => boolean) {
  return createClientPool(
    {
      url,
      RESP: 2,
      // Commands fail at once while there is no connection, instead of waiting for one.
      disableOfflineQueue: true,
      commandOptions: { timeout: PATIENCE_MS },
      socket: {
        connectTimeout: PATIENCE_MS,
        reconnectStrategy: (retries: number) => comesBack() && Math.min(50 * 2 ** retries, LONGEST_PAUSE_MS),
      },
    },
    { minimum: 1, maximum: CONNECTIONS, acquireTimeout: PATIENCE_MS },
  );
}

function storeIn(pool: Pool): CacheStore {
  return {
    get: async (keys) => (keys.length === 0 ? [] : (await pool.mGet([...keys])).map((text) => text ?? undefined)),
    set: async (key, text, write) => (await pool.set(key, text, written(write))) !== null,
    delete: async (keys) => (keys.length === 0 ? 0 : pool.unlink([...keys])),
    count: async (keys) => (keys.length === 0 ? 0 : pool.exists([...keys])),
    expire: async (key, ttlMs) => (await pool.pExpire(key, ttlMs)) === 1,
    add: (key, amount) => pool.incrBy(key, amount),
    push: (key, texts, end) => (end === 'last' ? pool.rPush(key, [...texts]) : pool.lPush(key, [...texts])),
    range: (key, from, to) => pool.lRange(key, from, to),
    setField: async (key, field, text) => (await pool.hSet(key, field, text)) === 1,
    field: async (key, field) => (await pool.hGet(key, field)) ?? undefined,
    fields: async (key) => new Map(Object.entries(await pool.hGetAll(key))),
    addMembers: (key, texts) => pool.sAdd(key, [...texts]),
    members: (key) => pool.sMembers(key),
    keys: (prefix, pattern) =>
      keysOf(pool, `${prefix.replaceAll(/[*?\\[\]]/g, escape)}${pattern.replaceAll(/[\\[\]]/g, escape)}`),
    ping: async () => {
      await pool.ping();
    },
    close: () => pool.close(),
  };
}

function written({ ttlMs, only }: WriteOptions = {}): object {
  return {
    ...(ttlMs === undefined ? {} : { expiration: { type: 'PX', value: ttlMs } }),
    ...(only === undefined ? {} : { condition: only === 'absent' ? 'NX' : 'XX' }),
  };
}

async function keysOf(pool: Pool, pattern: string): Promise<readonly string[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const step = await pool.scan(cursor, { MATCH: pattern, COUNT: SCANNED_AT_ONCE });
    for (const key of step.keys) found.add(key);
    cursor = step.cursor;
  } while (cursor !== '0' && found.size < MOST_KEYS);
  return [...found].sort().slice(0, MOST_KEYS);
}

/** In a pattern of Redis, brackets and the escape stand for something too. */
const escape = (character: string): string => `\\${character}`;
