/** Caches with a schema: explicit misses, one load at a time for each key, and entries that are forgotten by tag. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Cached,
  type CacheOf,
  type DefinedCache,
  type KeepOptions,
  LONGEST_CACHE_TTL_SECONDS,
  MAX_CACHED_BYTES,
  type TaskCache,
  ttlFault,
} from '../../../contracts/cache/definition.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { keepLease, LEASE_MS } from '../../../contracts/values/lease.ts';
import { SECOND_MS } from '../../../contracts/values/units.ts';
import { entriesOf } from './entries.ts';
import { keyText, prefixOf } from './keys.ts';
import type { CacheStore } from '../../../services/cache/port.ts';
import { type CacheLog, type Quiet, quietWith } from './quiet.ts';

/** Who uses the cache. */
export interface CacheUser {
  readonly tenant: string | undefined;
  readonly log: CacheLog & { debug(message: string, fields?: Readonly<Record<string, unknown>>): void };
  /** Ends the waiting for somebody else's load, and is passed to one's own. */
  readonly stop: { readonly signal: AbortSignal };
}

/** Pauses between looks at a load that somebody else has begun, in milliseconds; they grow. */
const LOOK_AGAIN_MS = { least: 20, most: 500 } as const;

/** Turns of the loads that the code is within. */
const within = new AsyncLocalStorage<ReadonlySet<string>>();

/** Makes the caches of one attempt at a task. */
export function cacheFor(store: CacheStore, user: CacheUser): TaskCache {
  const quiet = quietWith(user.log);
  const tags = prefixOf(user.tenant, 'tag');
  return {
    of: (cache) => new OneCache(store, user, quiet, cache),
    // An entry whose tag is gone, or was made anew, is no hit.
    deleteTagged: (...names) =>
      quiet('deleteTagged', false, async () => {
        await store.delete(names.map((name) => tags + keyText(name)));
        return true;
      }),
    entries: entriesOf(store, quiet, user.tenant),
  };
}

/** Tags of an entry, each with what stood for it when the value began to be made. */
type Stamp = Readonly<Record<string, string>>;

/** An entry as it is kept. */
interface Kept {
  readonly value?: unknown;
  readonly stamp?: Stamp;
}

class OneCache<Key, Value> implements CacheOf<Key, Value> {
  readonly #store: CacheStore;
  readonly #user: CacheUser;
  readonly #quiet: Quiet;
  readonly #cache: DefinedCache<Key, Value>;

  constructor(store: CacheStore, user: CacheUser, quiet: Quiet, cache: DefinedCache<Key, Value>) {
    this.#store = store;
    this.#user = user;
    this.#quiet = quiet;
    this.#cache = cache;
  }

  async get(key: Key): Promise<Cached<Value>> {
    const name = this.#named(key, 'cached');
    return this.#quiet<Cached<Value>>('get', { hit: false }, async () => {
      const [text] = await this.#store.get([name]);
      if (text === undefined) return { hit: false };
      const { value, stamp = {} } = JSON.parse(text) as Kept; // it was written by this class
      const read = (await this.#isCurrent(stamp)) ? this.#cache.read(value) : undefined;
      return read === undefined ? { hit: false } : { hit: true, value: read.value };
    });
  }

  async set(key: Key, value: Value, options: KeepOptions = {}): Promise<boolean> {
    requireTtl(options.ttlSeconds);
    this.#requireRead(value);
    return this.#keep(key, value, await this.#stampOf(key), options);
  }

  async getOrLoad(
    key: Key,
    load: (context: { readonly signal: AbortSignal }) => Value | Promise<Value>,
    options: Pick<KeepOptions, 'ttlSeconds'> = {},
  ): Promise<Value> {
    const { signal } = this.#user.stop;
    const turn = { name: this.#named(key, 'loading'), holder: randomUUID() };
    requireTtl(options.ttlSeconds);
    if (within.getStore()?.has(turn.name) === true) throw this.#asksItself();
    for (let pause: number = LOOK_AGAIN_MS.least; ; pause = Math.min(pause * 1.5, LOOK_AGAIN_MS.most)) {
      signal.throwIfAborted();
      const found = await this.get(key);
      if (found.hit) {
        this.#user.log.debug('a cache had the value', { cache: this.#cache.name });
        return found.value;
      }
      const claimedAt = performance.now();
      // Without a store everybody loads.
      const mine = await this.#quiet('take turns', true, () =>
        this.#store.set(turn.name, turn.holder, { ttlMs: LEASE_MS, only: 'absent' }),
      );
      if (mine) return this.#loadInTurn({ key, load, options, turn, claimedAt });
      await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  delete(key: Key): Promise<boolean> {
    const name = this.#named(key, 'cached');
    return this.#quiet('delete', false, async () => (await this.#store.delete([name])) === 1);
  }

  async #loadInTurn({ key, load, options, turn, claimedAt }: Loading<Key, Value>): Promise<Value> {
    const lease = keepLease((leaseMs) => this.#store.expire(turn.name, leaseMs).then(() => undefined), claimedAt);
    try {
      // Whoever had the turn before may have kept it between the look and the turn.
      const found = await this.get(key);
      if (found.hit) return found.value;
      // What is forgotten while it is being made must not be kept, so tags are looked at before.
      const stamp = await this.#stampOf(key);
      const names = new Set([...(within.getStore() ?? []), turn.name]);
      const loaded = await within.run(names, () => load({ signal: this.#user.stop.signal }));
      const value = this.#requireRead(loaded);
      await this.#keep(key, value, stamp, options);
      return value;
    } finally {
      lease.end();
      await this.#quiet('end a turn', undefined, () => this.#endTurn(turn));
    }
  }

  async #endTurn({ name, holder }: Turn): Promise<void> {
    const [current] = await this.#store.get([name]);
    if (current === holder) await this.#store.delete([name]);
  }

  async #keep(key: Key, value: Value, stamp: Stamp, { ttlSeconds, only }: KeepOptions): Promise<boolean> {
    const text = JSON.stringify({ value, ...(Object.keys(stamp).length === 0 ? {} : { stamp }) });
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_CACHED_BYTES) {
      this.#user.log.warn('a cache keeps no value of this size', {
        cache: this.#cache.name,
        bytes,
        most: MAX_CACHED_BYTES,
      });
      return false;
    }
    const ttlMs = (ttlSeconds ?? this.#cache.ttlSeconds) * SECOND_MS;
    const name = this.#named(key, 'cached');
    return this.#quiet('set', false, () => this.#store.set(name, text, { ttlMs, only }));
  }

  /** Gives what readers will get, so that who made a value has the same. @throws PerennialError `InvalidOutput` */
  #requireRead(value: Value): Value {
    const json = JSON.stringify({ value });
    const read = this.#cache.read((JSON.parse(json) as Kept).value);
    if (read !== undefined) return read.value;
    throw new PerennialError(
      'InvalidOutput',
      `cache ${this.#cache.name}: expected a value that its schema accepts after it was written as JSON, got another one; mend the value or the schema`,
    );
  }

  /** It would wait for itself for ever. */
  #asksItself(): PerennialError {
    return new PerennialError(
      'InvalidOutput',
      `cache ${this.#cache.name}: expected a load that asks for other keys than its own, got one that asks for it; load with another key, or use the value that it has`,
    );
  }

  async #isCurrent(stamp: Stamp): Promise<boolean> {
    const tags = Object.keys(stamp);
    const current = await this.#store.get(tags.map((tag) => this.#tag(tag)));
    return tags.every((tag, at) => current[at] === stamp[tag]);
  }

  /** What stands for each tag of an entry now; a tag that nothing stands for gets something new. */
  async #stampOf(key: Key): Promise<Stamp> {
    const tags = this.#cache.tagsOf(key);
    if (tags.length === 0) return {};
    // An entry with a stamp of nobody is no hit for anybody.
    return this.#quiet<Stamp>('look at tags', Object.fromEntries(tags.map((tag) => [tag, randomUUID()])), async () => {
      const names = tags.map((tag) => this.#tag(tag));
      const ttlMs = 2 * LONGEST_CACHE_TTL_SECONDS * SECOND_MS;
      await Promise.all(names.map((name) => this.#store.set(name, randomUUID(), { only: 'absent', ttlMs })));
      await Promise.all(names.map((name) => this.#store.expire(name, ttlMs)));
      const current = await this.#store.get(names);
      return Object.fromEntries(tags.map((tag, at) => [tag, current[at] ?? randomUUID()]));
    });
  }

  #tag(tag: string): string {
    return prefixOf(this.#user.tenant, 'tag') + keyText(tag);
  }

  #named(key: Key, part: 'cached' | 'loading'): string {
    this.#cache.requireKey(key);
    return `${prefixOf(this.#user.tenant, part)}${this.#cache.name}:${keyText(key)}`;
  }
}

interface Turn {
  readonly name: string;
  readonly holder: string;
}

interface Loading<Key, Value> {
  readonly key: Key;
  readonly load: (context: { readonly signal: AbortSignal }) => Value | Promise<Value>;
  readonly options: Pick<KeepOptions, 'ttlSeconds'>;
  readonly turn: Turn;
  readonly claimedAt: number;
}

/** Refuses a time that is none before anything is loaded. @throws PerennialError `InvalidOutput` */
function requireTtl(seconds: number | undefined): void {
  const fault = seconds === undefined ? undefined : ttlFault(seconds);
  if (fault !== undefined) throw new PerennialError('InvalidOutput', fault);
}
