/** What a cache is, for tasks and for the stores that keep its entries. */

/** Marks what `defineCache` makes; the number rises when caches made before can no longer be used. */
export const CACHE_KIND = 'perennial.cache/1';

/** Time for which an entry is kept unless a cache or a call says otherwise, in seconds. */
export const CACHE_TTL_SECONDS = 3_600;

/** Longest time for which an entry is kept, in seconds: 30 days. */
export const LONGEST_CACHE_TTL_SECONDS = 30 * 86_400;

/** Says what is wrong with a time for which an entry shall be kept. */
export function ttlFault(seconds: number): string | undefined {
  if (seconds > 0 && seconds <= LONGEST_CACHE_TTL_SECONDS) return undefined;
  return `ttlSeconds: expected more than 0 and at most ${String(LONGEST_CACHE_TTL_SECONDS)} seconds, got ${String(seconds)}; the default is ${String(CACHE_TTL_SECONDS)}`;
}

/** Largest value that is kept, as JSON, in bytes. */
export const MAX_CACHED_BYTES = 1_000_000;

/** A cache: where entries stand, for how long, and what they are. */
export interface DefinedCache<Key, Value> {
  readonly kind: typeof CACHE_KIND;
  readonly name: string;
  readonly ttlSeconds: number;
  /** @throws TypeError the key breaks the schema of keys */
  requireKey(key: Key): void;
  /** Tags of the entry of a key. */
  tagsOf(key: Key): readonly string[];
  /** Reads a value as it was kept; `undefined` when it has another shape, as after a change of the schema. */
  read(kept: unknown): { readonly value: Value } | undefined;
}

/** What a cache has for a key. A value that is `null` is a hit too. */
export type Cached<Value> = { readonly hit: true; readonly value: Value } | { readonly hit: false };

/** How a value is kept. */
export interface KeepOptions {
  /** @defaultValue that of the cache */
  readonly ttlSeconds?: number | undefined;
  /** Keeps it only where there is no entry yet, or only where there is one. @defaultValue always */
  readonly only?: 'absent' | 'present' | undefined;
}

/** One cache, as a body uses it. Where the store does not answer, nothing is found and nothing is kept. */
export interface CacheOf<Key, Value> {
  get(key: Key): Promise<Cached<Value>>;
  /** @returns whether it was kept */
  set(key: Key, value: Value, options?: KeepOptions): Promise<boolean>;
  /**
   * Returns what the cache has, and otherwise what `load` gives, which is then kept. Of all workers that ask for a key at
   * the same time one loads; the others wait for it. What throws is not kept.
   *
   * @throws whatever `load` throws; PerennialError `InvalidOutput` for a value that breaks the schema of the cache, a time
   *   that is none, and a load that asks for its own key
   */
  getOrLoad(
    key: Key,
    load: (context: { readonly signal: AbortSignal }) => Value | Promise<Value>,
    options?: Pick<KeepOptions, 'ttlSeconds'>,
  ): Promise<Value>;
  /** @returns whether there was an entry, and it is gone */
  delete(key: Key): Promise<boolean>;
}

/**
 * Plain entries, lists, hashes and sets, as applications keep them in Redis. Values are JSON. Where the store does not
 * answer, each operation writes a line to the log and returns its neutral value: the default, `false`, 0, or nothing.
 */
export interface CacheEntries {
  get(key: string, otherwise?: unknown): Promise<unknown>;
  set(
    key: string,
    value: unknown,
    options?: { readonly expire?: number; readonly nx?: boolean; readonly xx?: boolean },
  ): Promise<boolean>;
  /** @returns how many of them were there */
  delete(...keys: readonly string[]): Promise<number>;
  /** @returns how many of them are there */
  exists(...keys: readonly string[]): Promise<number>;
  /** @param seconds - from now */
  expire(key: string, seconds: number): Promise<boolean>;
  /** @returns the new value, which begins at 0 */
  incr(key: string, amount?: number): Promise<number>;
  decr(key: string, amount?: number): Promise<number>;
  /** Puts values before the first of a list, each before the one before it. @returns the new length */
  lpush(key: string, ...values: readonly unknown[]): Promise<number>;
  /** Puts values behind the last of a list. @returns the new length */
  rpush(key: string, ...values: readonly unknown[]): Promise<number>;
  /** Both ends are included; a negative place counts from the end. */
  lrange(key: string, from?: number, to?: number): Promise<readonly unknown[]>;
  /** @returns whether the field is new */
  hset(key: string, field: string, value: unknown): Promise<boolean>;
  hget(key: string, field: string): Promise<unknown>;
  hgetall(key: string): Promise<Readonly<Record<string, unknown>>>;
  /** @returns how many are new */
  sadd(key: string, ...values: readonly unknown[]): Promise<number>;
  smembers(key: string): Promise<readonly unknown[]>;
  /** @param pattern - `*` stands for any characters, `?` for one */
  keys(pattern?: string): Promise<readonly string[]>;
  /** Deletes all plain entries of the tenant. */
  flush(): Promise<boolean>;
  ping(): Promise<boolean>;
}

/** What bodies of tasks keep for a while. Each tenant has entries of its own. */
export interface TaskCache {
  of<Key, Value>(cache: DefinedCache<Key, Value>): CacheOf<Key, Value>;
  /**
   * Forgets every entry with one of these tags, in all caches; one that is being loaded meanwhile is not kept either.
   *
   * @returns whether it is done: false where the store does not answer, and then they stay until their time is over
   */
  deleteTagged(...tags: readonly string[]): Promise<boolean>;
  readonly entries: CacheEntries;
}
