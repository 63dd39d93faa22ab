import type { Rate } from '../../contracts/queues/rates.ts';
import type { Database, Queryable } from '../database/pool.ts';
import type { LimitStore, PlaceAnswer } from './port.ts';

/** Past times that one reservation deletes. */
const CLEARED = 20;

/** Seconds after which a holder is checked again for being alive. */
const LOOK_AGAIN_SECONDS = 4;

/** Most suspects in one answer, because each costs the caller a request. */
const SUSPECTS = 5;

/** Creates limits in PostgreSQL. They use its clock only, so that the clocks of workers need not agree. */
export function createLimitStore(database: Database): LimitStore {
  return {
    reserve: (key, rate) => reserve(database, key, rate),
    acquire: (key, holder, concurrency) =>
      database.transaction((transaction) => acquire(transaction, key, holder, concurrency)),
    release: (key, holder, concurrency) =>
      database.transaction(async (transaction) => {
        await lockKey(transaction, key);
        await transaction.query('delete from limit_places where key = $1 and holder = $2', [key, holder]);
        return grant(transaction, key, concurrency);
      }),
  };
}

/**
 * Applies the generic cell rate algorithm with a burst of one: starts are spaced evenly, as with Celery's rate limit.
 * Each key is one row, whose lock serialises the callers.
 */
async function reserve(database: Database, key: string, { count, perMs }: Rate): Promise<number> {
  await database.query(
    `delete from limit_rates where key in (
       select key from limit_rates where next_at < clock_timestamp() - interval '1 minute'
       order by next_at limit $1 for update skip locked)`,
    [CLEARED],
  );
  const { rows } = await database.query<{ wait_ms: number }>(
    `with gap as (select $2::float8 * interval '1 millisecond' as length)
     insert into limit_rates as given (key, next_at)
     select $1, clock_timestamp() + length from gap
     on conflict (key) do update
       set next_at = greatest(given.next_at, clock_timestamp()) + (select length from gap)
     returning extract(epoch from next_at - (select length from gap) - clock_timestamp())::float8 * 1000 as wait_ms`,
    [key, perMs / count],
  );
  return Math.max(0, Math.ceil(rows[0]?.wait_ms ?? 0));
}

async function acquire(transaction: Queryable, key: string, holder: string, concurrency: number): Promise<PlaceAnswer> {
  await lockKey(transaction, key);
  await transaction.query(
    'insert into limit_places (key, holder) values ($1, $2) on conflict (key, holder) do nothing',
    [key, holder],
  );
  const given = await grant(transaction, key, concurrency);
  const { rows } = await transaction.query<{ granted: boolean; ahead: number }>(
    `select mine.granted_at is not null as granted,
            (select count(*)::int from limit_places other
              where other.key = mine.key and other.granted_at is null and other.ticket < mine.ticket) as ahead
       from limit_places mine where mine.key = $1 and mine.holder = $2`,
    [key, holder],
  );
  const granted = rows[0]?.granted ?? false;
  return {
    granted,
    ahead: granted ? 0 : (rows[0]?.ahead ?? 0),
    woken: given.filter((other) => other !== holder),
    suspects: granted ? [] : await suspects(transaction, key),
  };
}

/** Serialises the callers of a key; the lock ends with the transaction even when the process dies. */
async function lockKey(transaction: Queryable, key: string): Promise<void> {
  await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 11))', [key]);
}

/** Grants free places to the requests that have waited longest. */
async function grant(transaction: Queryable, key: string, concurrency: number): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ holder: string }>(
    `update limit_places set granted_at = clock_timestamp(), checked_at = clock_timestamp()
      where ticket in (
        select ticket from limit_places where key = $1 and granted_at is null order by ticket
        limit greatest(0, $2 - (select count(*) from limit_places where key = $1 and granted_at is not null)))
     returning holder`,
    [key, concurrency],
  );
  return rows.map(({ holder }) => holder);
}

/** Marks holders as checked, so that only one of many waiting runs checks them. */
async function suspects(transaction: Queryable, key: string): Promise<readonly string[]> {
  const { rows } = await transaction.query<{ holder: string }>(
    `update limit_places set checked_at = clock_timestamp()
      where ticket in (
        select ticket from limit_places
         where key = $1 and granted_at is not null
           and checked_at < clock_timestamp() - $2::int * interval '1 second'
         order by checked_at limit $3)
     returning holder`,
    [key, LOOK_AGAIN_SECONDS, SUSPECTS],
  );
  return rows.map(({ holder }) => holder);
}
