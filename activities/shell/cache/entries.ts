/** Plain entries of one tenant, with the operations that applications know from Redis. */
import type { CacheEntries } from '../../../contracts/cache/definition.ts';
import { SECOND_MS } from '../../../contracts/values/units.ts';
import { keyText, prefixOf } from './keys.ts';
import type { CacheStore } from '../../../services/cache/port.ts';
import type { Quiet } from './quiet.ts';

const json = (value: unknown): string => JSON.stringify(value ?? null);
const parsed = (text: string): unknown => JSON.parse(text);

/** Makes the operations. */
export function entriesOf(store: CacheStore, quiet: Quiet, tenant: string | undefined): CacheEntries {
  const prefix = prefixOf(tenant, 'plain');
  const named = (key: string): string => prefix + keyText(key);
  return {
    get: (key, otherwise) =>
      quiet('get', otherwise, async () => {
        const [text] = await store.get([named(key)]);
        return text === undefined ? otherwise : parsed(text);
      }),
    set: (key, value, { expire, nx, xx } = {}) =>
      quiet('set', false, async () => {
        const only = nx === true ? 'absent' : xx === true ? 'present' : undefined;
        return store.set(named(key), json(value), {
          ttlMs: expire === undefined ? undefined : expire * SECOND_MS,
          only,
        });
      }),
    delete: (...keys) => quiet('delete', 0, () => store.delete(keys.map(named))),
    exists: (...keys) => quiet('exists', 0, () => store.count(keys.map(named))),
    expire: (key, seconds) => quiet('expire', false, () => store.expire(named(key), seconds * SECOND_MS)),
    incr: (key, amount = 1) => quiet('incr', 0, () => store.add(named(key), amount)),
    decr: (key, amount = 1) => quiet('decr', 0, () => store.add(named(key), -amount)),
    lpush: (key, ...values) => quiet('lpush', 0, () => store.push(named(key), values.map(json), 'first')),
    rpush: (key, ...values) => quiet('rpush', 0, () => store.push(named(key), values.map(json), 'last')),
    lrange: (key, from = 0, to = -1) =>
      quiet('lrange', [], async () => (await store.range(named(key), from, to)).map(parsed)),
    hset: (key, field, value) => quiet('hset', false, () => store.setField(named(key), field, json(value))),
    hget: (key, field) =>
      quiet('hget', undefined, async () => {
        const text = await store.field(named(key), field);
        return text === undefined ? undefined : parsed(text);
      }),
    hgetall: (key) =>
      quiet('hgetall', {}, async () => {
        const fields = await store.fields(named(key));
        return Object.fromEntries([...fields].map(([field, text]) => [field, parsed(text)]));
      }),
    sadd: (key, ...values) => quiet('sadd', 0, () => store.addMembers(named(key), values.map(json))),
    smembers: (key) => quiet('smembers', [], async () => (await store.members(named(key))).map(parsed)),
    keys: (pattern = '*') =>
      quiet('keys', [], async () => (await store.keys(prefix, pattern)).map((key) => key.slice(prefix.length))),
    flush: () =>
      quiet('flush', false, async () => {
        for (;;) {
          const keys = await store.keys(prefix, '*');
          if (keys.length === 0) return true;
          await store.delete(keys);
        }
      }),
    ping: () => quiet('ping', false, () => store.ping().then(() => true)),
  };
}
