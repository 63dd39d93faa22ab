/** Opens the store of caches that the configuration names. */
import type { Config } from '../config/types.ts';
import { PerennialError } from '../contracts/failures.ts';
import type { Database, DatabaseLogger } from '../services/database/pool.ts';
import { createPostgresCache } from '../services/cache/postgres.ts';
import type { CacheStore } from '../services/cache/port.ts';

/** What {@link openCache} needs besides the settings. */
export interface OpenCacheOptions {
  readonly database: Database;
  readonly logger: DatabaseLogger;
}

/**
 * Opens the store, and asks whether it answers.
 *
 * @throws PerennialError `BackendUnavailable` Redis is named and does not answer; the worker is started again then
 */
export async function openCache(
  { redisUrl, maxBytes }: Config['cache'],
  { database, logger }: OpenCacheOptions,
): Promise<CacheStore> {
  if (redisUrl === undefined) return createPostgresCache({ database, maxBytes });
  const lost = (error: Error): void => {
    logger.warn({ error: nameOf(error) }, 'the connection of the cache to Redis has failed; it is made again');
  };
  // Only who names a Redis needs its client.
  const { createRedisCache } = await import('../services/cache/redis.ts');
  try {
    const store = await createRedisCache({ url: redisUrl, lost });
    await store.ping();
    return store;
  } catch (error) {
    throw new PerennialError(
      'BackendUnavailable',
      `REDIS_URL: expected a Redis server that answers at ${new URL(redisUrl).host}, got ${nameOf(error)}. ` +
        'Start it, mend the address or the password, or leave REDIS_URL out, so that PostgreSQL keeps the entries.',
    );
  }
}

/** Messages of the client may quote the address with its password. */
function nameOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return String(code ?? name);
}
