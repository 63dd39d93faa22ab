/** Where entries of caches are kept: PostgreSQL or Redis, with the same behaviour. */

/** How an entry is written. */
export interface WriteOptions {
  /** @defaultValue it stays until it is deleted or makes room */
  readonly ttlMs?: number | undefined;
  readonly only?: 'absent' | 'present' | undefined;
}

/**
 * A store of entries. Values are texts; a key holds a text, a list, a hash or a set, and an operation for another of them
 * fails. Any operation throws when the store does not answer.
 */
export interface CacheStore {
  /** Returns texts in the order of the keys; `undefined` where there is none. */
  get(keys: readonly string[]): Promise<readonly (string | undefined)[]>;
  /** @returns whether it was written */
  set(key: string, text: string, options?: WriteOptions): Promise<boolean>;
  /** @returns how many there were */
  delete(keys: readonly string[]): Promise<number>;
  /** @returns how many there are */
  count(keys: readonly string[]): Promise<number>;
  /** @returns whether there is such an entry */
  expire(key: string, ttlMs: number): Promise<boolean>;
  /** Adds to a whole number, which begins at 0. @returns the sum */
  add(key: string, amount: number): Promise<number>;
  /** @returns the length of the list */
  push(key: string, texts: readonly string[], end: 'first' | 'last'): Promise<number>;
  /** Both ends are included; a negative place counts from the end. */
  range(key: string, from: number, to: number): Promise<readonly string[]>;
  /** @returns whether the field is new */
  setField(key: string, field: string, text: string): Promise<boolean>;
  field(key: string, field: string): Promise<string | undefined>;
  fields(key: string): Promise<ReadonlyMap<string, string>>;
  /** @returns how many are new */
  addMembers(key: string, texts: readonly string[]): Promise<number>;
  members(key: string): Promise<readonly string[]>;
  /** Lists keys that begin with a prefix and whose rest matches a pattern of `*` and `?`. */
  keys(prefix: string, pattern: string): Promise<readonly string[]>;
  /** @throws Error the store does not answer */
  ping(): Promise<void>;
  close(): Promise<void>;
}
