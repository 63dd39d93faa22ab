/** Entries of caches in memory, with the behaviour of the other stores, for runs without a server. */
import { between } from '../../../contracts/cache/places.ts';
import type { CacheStore, WriteOptions } from '../../../services/cache/port.ts';

type Held = string | string[] | Map<string, string> | Set<string>;

interface Entry {
  readonly held: Held;
  readonly until: number;
}

/** Creates an empty store. */
export function createMemoryCache(): CacheStore {
  const entries = new Entries();
  return {
    ...textsOf(entries),
    ...collectionsOf(entries),
    keys: later((prefix: string, pattern: string) => {
      const matches = matcherOf(pattern);
      return entries.keys(prefix).filter((key) => matches(key.slice(prefix.length)));
    }),
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

class Entries {
  readonly #entries = new Map<string, Entry>();

  live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry === undefined || entry.until > Date.now() ? entry : undefined;
  }

  /** Returns what a key holds; `make` gives what it holds from now on where there is nothing. */
  held<T extends Held>(key: string, is: (value: Held) => value is T): T | undefined;
  held<T extends Held>(key: string, is: (value: Held) => value is T, make: () => T): T;
  held<T extends Held>(key: string, is: (value: Held) => value is T, make?: () => T): T | undefined {
    const entry = this.live(key);
    if (entry === undefined) {
      const made = make?.();
      if (made !== undefined) this.put(key, made);
      return made;
    }
    if (is(entry.held)) return entry.held;
    throw new TypeError('cache: expected another kind of entry under the key; delete it or use another key');
  }

  put(key: string, held: Held, until = Infinity): void {
    this.#entries.set(key, { held, until });
  }

  delete(key: string): boolean {
    return this.live(key) !== undefined && this.#entries.delete(key);
  }

  keys(prefix: string): readonly string[] {
    const live = [...this.#entries.keys()].filter((key) => this.live(key) !== undefined);
    return live.filter((key) => key.startsWith(prefix)).sort();
  }
}

type TextOperations = 'get' | 'set' | 'delete' | 'count' | 'expire' | 'add';

function textsOf(entries: Entries): Pick<CacheStore, TextOperations> {
  return {
    get: later((keys: readonly string[]) => keys.map((key) => entries.held(key, isText))),
    set: later((key: string, text: string, { ttlMs = Infinity, only }: WriteOptions = {}) => {
      if (only !== undefined && (entries.live(key) !== undefined) !== (only === 'present')) return false;
      entries.put(key, text, Date.now() + ttlMs);
      return true;
    }),
    delete: later((keys: readonly string[]) => keys.filter((key) => entries.delete(key)).length),
    count: later((keys: readonly string[]) => keys.filter((key) => entries.live(key) !== undefined).length),
    expire: later((key: string, ttlMs: number) => {
      const entry = entries.live(key);
      if (entry !== undefined) entries.put(key, entry.held, Date.now() + ttlMs);
      return entry !== undefined;
    }),
    add: later((key: string, amount: number) => {
      const before = Number(entries.held(key, isText) ?? 0);
      if (!Number.isSafeInteger(before)) throw new TypeError('cache: expected a whole number under the key');
      entries.put(key, String(before + amount), entries.live(key)?.until);
      return before + amount;
    }),
  };
}

type CollectionOperations = 'push' | 'range' | 'setField' | 'field' | 'fields' | 'addMembers' | 'members';

function collectionsOf(entries: Entries): Pick<CacheStore, CollectionOperations> {
  return {
    push: later((key: string, texts: readonly string[], end: 'first' | 'last') => {
      const list = entries.held(key, isList, () => []);
      return end === 'last' ? list.push(...texts) : list.unshift(...texts.toReversed());
    }),
    range: later((key: string, from: number, to: number) => between(entries.held(key, isList) ?? [], from, to)),
    setField: later((key: string, field: string, text: string) => {
      const hash = entries.held(key, isHash, () => new Map<string, string>());
      const isNew = !hash.has(field);
      hash.set(field, text);
      return isNew;
    }),
    field: later((key: string, field: string) => entries.held(key, isHash)?.get(field)),
    fields: later((key: string) => new Map(entries.held(key, isHash))),
    addMembers: later((key: string, texts: readonly string[]) => {
      const set = entries.held(key, isSet, () => new Set<string>());
      const before = set.size;
      for (const text of texts) set.add(text);
      return set.size - before;
    }),
    members: later((key: string) => [...(entries.held(key, isSet) ?? [])]),
  };
}

/** Makes an operation answer as a store elsewhere does, and fail so. */
function later<Args extends readonly unknown[], Result>(work: (...args: Args) => Result) {
  return (...args: Args): Promise<Result> =>
    new Promise((resolve) => {
      resolve(work(...args));
    });
}

const isText = (value: Held): value is string => typeof value === 'string';
const isList = (value: Held): value is string[] => Array.isArray(value);
const isHash = (value: Held): value is Map<string, string> => value instanceof Map;
const isSet = (value: Held): value is Set<string> => value instanceof Set;

/** Tells whether a text matches a pattern, without backtracking. */
function matcherOf(pattern: string): (text: string) => boolean {
  return (text) => {
    let [at, place, star, retry] = [0, 0, -1, 0];
    while (at < text.length) {
      if (pattern[place] === '?' || (pattern[place] !== '*' && pattern[place] === text[at]))
        [at, place] = [at + 1, place + 1];
      else if (pattern[place] === '*') [star, retry, place] = [place, at, place + 1];
      else if (star >= 0) [place, at, retry] = [star + 1, retry + 1, retry + 1];
      else return false;
    }
    while (pattern[place] === '*') place += 1;
    return place === pattern.length;
  };
}
