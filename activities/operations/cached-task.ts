import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { CACHE_TTL_SECONDS } from '../../contracts/cache/definition.ts';
import type { CachedInput, CachedOutput } from '../../contracts/operations/schema.ts';
import type { TaskContext } from '../shell/task-body.ts';

/** What takes a while, so that not doing it again is worth something. */
const ROUNDS = 100_000;

/** Looks into the cache before it computes. `null` and an empty text would be hits too: a miss is nothing else. */
export async function cachedTask({ key }: CachedInput, { cache, log }: TaskContext): Promise<CachedOutput> {
  const name = `task_result:${key}`;
  const kept = await cache.entries.get(name);
  if (typeof kept === 'string') {
    log.info('the cache had the result');
    return { key, result: kept, cached: true };
  }
  const result = (await promisify(pbkdf2)(key, 'cached task', ROUNDS, 16, 'sha256')).toString('hex');
  await cache.entries.set(name, result, { expire: CACHE_TTL_SECONDS });
  return { key, result, cached: false };
}
