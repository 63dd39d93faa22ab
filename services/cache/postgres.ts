/** Entries of caches in PostgreSQL, which every installation has. */
import type { Database } from '../database/pool.ts';
import { between } from '../../contracts/cache/places.ts';
import type { CacheStore, WriteOptions } from './port.ts';

/** What the store takes besides a migrated database. */
export interface PostgresCacheOptions {
  readonly database: Database;
  /** Size from which on those that were used longest ago are deleted, in bytes. */
  readonly maxBytes: number;
}

type Kind = 'text' | 'list' | 'hash' | 'set';

/** Writes between two sweeps of what has expired, and between two looks at the size. */
const SWEEP_EVERY = 256;
const MEASURE_EVERY = 4_096;

/** Who asks a cache would rather do without than wait for a server that is away. */
const PATIENCE_MS = 2_000;

/** Most keys that are listed. */
const MOST_KEYS = 10_000;

const LIVE = '(kept.expires_at is null or kept.expires_at > clock_timestamp())';
/** As it is kept, so compressed where it is. */
const SIZE = `octet_length(key) + coalesce(pg_column_size(text), 0) + coalesce(pg_column_size(items), 0)
  + coalesce(pg_column_size(fields), 0)`;
const EXPIRES = `clock_timestamp() + $3 * interval '1 millisecond'`;

/** Creates the store. */
export function createPostgresCache(options: PostgresCacheOptions): CacheStore {
  const entries = new Entries(options);
  return {
    get: (keys) => entries.get(keys),
    set: (key, text, write) => entries.set(key, text, write),
    delete: async (keys) =>
      (
        await entries.rows(`delete from cache_entries as kept where key = any($1) returning ${LIVE} as live`, [keys])
      ).filter(({ live }) => live).length,
    count: async (keys) =>
      (await entries.rows(`select 1 from cache_entries as kept where key = any($1) and ${LIVE}`, [keys])).length,
    expire: async (key, ttlMs) =>
      (
        await entries.rows(
          `update cache_entries as kept set expires_at = ${EXPIRES.replace('$3', '$2')} where key = $1 and ${LIVE} returning 1`,
          [key, ttlMs],
        )
      ).length === 1,
    add: (key, amount) => entries.add(key, amount),
    push: (key, texts, end) => entries.push(key, texts, end),
    range: async (key, from, to) => between(await entries.items(key, 'list'), from, to),
    setField: (key, field, text) => entries.setField(key, field, text),
    field: (key, field) => entries.field(key, field),
    fields: async (key) => new Map(Object.entries((await entries.one(key, 'hash'))?.fields ?? {})),
    addMembers: (key, texts) => entries.addMembers(key, texts),
    members: (key) => entries.items(key, 'set'),
    keys: (prefix, pattern) => entries.keys(prefix, pattern),
    ping: async () => {
      await entries.rows('select 1', []);
    },
    close: () => Promise.resolve(),
  };
}

interface Row {
  readonly key: string;
  readonly kind: Kind;
  readonly text: string | null;
  readonly items: readonly string[] | null;
  readonly fields: Readonly<Record<string, string>> | null;
  readonly live: boolean;
  readonly n: number;
}

class Entries {
  readonly #options: PostgresCacheOptions;
  #writes = 0;

  constructor(options: PostgresCacheOptions) {
    this.#options = options;
  }

  async rows(statement: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const { database } = this.#options;
    return (await database.query<Row>(statement, values, { signal: AbortSignal.timeout(PATIENCE_MS) })).rows;
  }

  async get(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    // When an entry was used last decides what makes room; to a minute is exact enough, and spares most writes.
    const found = await this.rows(
      `with kept as (select * from cache_entries where key = any($1)),
       touched as (update cache_entries set used_at = now()
         where key in (select key from kept where ${LIVE}) and used_at < now() - interval '1 minute')
       select key, kind, text from kept where ${LIVE}`,
      [keys],
    );
    const byKey = new Map(found.map((row) => [row.key, sameKind(row, 'text').text ?? undefined]));
    return keys.map((key) => byKey.get(key));
  }

  async set(key: string, text: string, { ttlMs, only }: WriteOptions = {}): Promise<boolean> {
    const values = [key, text, ttlMs ?? null];
    const changed = `kind = 'text', text = $2, items = null, fields = null, used_at = now(), expires_at = ${EXPIRES}`;
    const written =
      only === 'present'
        ? await this.rows(`update cache_entries as kept set ${changed} where key = $1 and ${LIVE} returning 1`, values)
        : await this.rows(
            `insert into cache_entries as kept (key, kind, text, expires_at) values ($1, 'text', $2, ${EXPIRES})
             on conflict (key) do update set ${changed} ${only === 'absent' ? `where not ${LIVE}` : ''} returning 1`,
            values,
          );
    await this.#wrote();
    return written.length === 1;
  }

  async add(key: string, amount: number): Promise<number> {
    const [row] = await this.rows(
      `insert into cache_entries as kept (key, kind, text) values ($1, 'text', $2::bigint::text)
       on conflict (key) do update set kind = 'text', items = null, fields = null, used_at = now(),
         text = (case when ${LIVE} then kept.text::bigint else 0 end + $2::bigint)::text,
         expires_at = case when ${LIVE} then kept.expires_at end
       where kept.kind = 'text' or not ${LIVE} returning kind, text`,
      [key, amount],
    );
    return Number(sameKind(row, 'text').text);
  }

  async push(key: string, texts: readonly string[], end: 'first' | 'last'): Promise<number> {
    const [items, joined] =
      end === 'last' ? [texts, 'kept.items || excluded.items'] : [texts.toReversed(), 'excluded.items || kept.items'];
    const [row] = await this.rows(
      `${this.#grow('list', '$2::text[]', joined)} returning kind, cardinality(items) as n`,
      [key, items],
    );
    return sameKind(row, 'list').n;
  }

  async addMembers(key: string, texts: readonly string[]): Promise<number> {
    const union = 'array(select distinct unnest(kept.items || excluded.items))';
    const [row] = await this.rows(
      `with before as (select cardinality(items) as n from cache_entries as kept where key = $1 and ${LIVE})
       ${this.#grow('set', 'array(select distinct unnest($2::text[]))', union)}
       returning kind, cardinality(items) - coalesce((select n from before), 0) as n`,
      [key, texts],
    );
    return sameKind(row, 'set').n;
  }

  /** Writes a list or a set anew, or larger where there is one. */
  #grow(kind: Kind, items: string, joined: string): string {
    return `insert into cache_entries as kept (key, kind, items) values ($1, '${kind}', ${items})
      on conflict (key) do update set kind = excluded.kind, text = null, fields = null, used_at = now(),
        items = case when ${LIVE} then ${joined} else excluded.items end,
        expires_at = case when ${LIVE} then kept.expires_at end
      where kept.kind = excluded.kind or not ${LIVE}`;
  }

  async setField(key: string, field: string, text: string): Promise<boolean> {
    const [row] = await this.rows(
      `with before as (select fields from cache_entries as kept where key = $1 and ${LIVE})
       insert into cache_entries as kept (key, kind, fields) values ($1, 'hash', jsonb_build_object($2::text, $3::text))
       on conflict (key) do update set kind = 'hash', text = null, items = null, used_at = now(),
         fields = case when ${LIVE} then kept.fields || excluded.fields else excluded.fields end,
         expires_at = case when ${LIVE} then kept.expires_at end
       where kept.kind = 'hash' or not ${LIVE}
       returning kind, coalesce((select (not fields ? $2::text)::int from before), 1) as n`,
      [key, field, text],
    );
    return sameKind(row, 'hash').n === 1;
  }

  async one(key: string, kind: Kind): Promise<Row | undefined> {
    const [row] = await this.rows(`select * from cache_entries as kept where key = $1 and ${LIVE}`, [key]);
    return row === undefined ? undefined : sameKind(row, kind);
  }

  async field(key: string, field: string): Promise<string | undefined> {
    const [row] = await this.rows(
      `select kind, fields ->> $2 as text from cache_entries as kept where key = $1 and ${LIVE}`,
      [key, field],
    );
    return row === undefined ? undefined : (sameKind(row, 'hash').text ?? undefined);
  }

  async items(key: string, kind: 'list' | 'set'): Promise<readonly string[]> {
    return (await this.one(key, kind))?.items ?? [];
  }

  async keys(prefix: string, pattern: string): Promise<readonly string[]> {
    const like = escaped(prefix) + escaped(pattern).replaceAll('*', '%').replaceAll('?', '_');
    const found = await this.rows(
      `select key from cache_entries as kept where key like $1 and ${LIVE} order by key limit ${String(MOST_KEYS)}`,
      [like],
    );
    return found.map(({ key }) => key);
  }

  /** Makes room now and then, so that no schedule has to. */
  async #wrote(): Promise<void> {
    this.#writes += 1;
    const writes = this.#writes; // others write while this one sweeps
    if (writes % SWEEP_EVERY === 0)
      await this.rows(
        `delete from cache_entries where key in
           (select key from cache_entries where expires_at < now() limit 1000 for update skip locked)`,
        [],
      );
    if (writes % MEASURE_EVERY === 0)
      await this.rows(
        `delete from cache_entries where key in (select key from
           (select key, sum(${SIZE}) over (order by used_at desc, key) as total from cache_entries) as sized
           where total > $1)`,
        [this.#options.maxBytes],
      );
  }
}

function sameKind(row: Row | undefined, kind: Kind): Row {
  if (row?.kind === kind) return row;
  throw new TypeError(
    `cache: expected a ${kind} under the key, got another kind of entry; delete it or use another key`,
  );
}

/** In a pattern of SQL, these two and the escape itself stand for something. */
function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);
}
