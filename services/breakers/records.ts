/** Breakers as operators see and set them. */
import type { BreakerEvent, BreakerRecords, BreakerView } from '../../contracts/breakers/view.ts';
import type { Database } from '../database/pool.ts';

/** Most breakers in a list; there is one for each provider that has failed. */
const LISTED = 1_000;

const VIEW = `
  select b.key, b.failures, b.reason, b.opened_at as since, b.last_failure_at as "lastFailureAt",
         b.next_probe_at as "nextProbeAt",
         case when b.throttled_until > clock_timestamp() then b.throttled_until end as "throttledUntil",
         case when b.opened_at is null then 'closed' when b.probe_until > clock_timestamp() then 'half-open'
              else 'open' end as state,
         (select coalesce(sum(calls), 0)::int from breaker_parked p
           where p.key = b.key and p.until > now() - interval '5 minutes') as parked
    from breakers b`;

type Times = 'since' | 'lastFailureAt' | 'nextProbeAt' | 'throttledUntil';
type Row = Omit<BreakerView, Times> & { readonly [K in Times]: Date | null };

/** Builds what `connectPerennial` takes as `breakerRecords`. */
export function createBreakerRecords(database: Database): BreakerRecords {
  return {
    list: async () => {
      const order = 'order by b.opened_at is null, b.throttled_until is null, b.key';
      const { rows } = await database.query<Row>(`${VIEW} ${order} limit ${LISTED}`);
      return rows.map(viewOf);
    },
    find: async (key) => {
      const { rows } = await database.query<Row>(`${VIEW} where b.key = $1`, [key]);
      return rows[0] === undefined ? undefined : viewOf(rows[0]);
    },
    changes: async (key, limit) => {
      const { rows } = await database.query<Omit<BreakerEvent, 'at'> & { readonly at: Date }>(
        'select at, change, by, reason from breaker_changes where key = $1 order by id desc limit $2',
        [key, limit],
      );
      return rows.map(({ at, ...rest }) => ({ at: at.toISOString(), ...rest }));
    },
    open: async (key, { by, reason }, forMs) => {
      await database.query(OPEN, [key, by, reason, forMs ?? null]);
    },
    close: async (key, { by, reason }) => {
      const { rowCount } = await database.query(CLOSE, [key, by, reason]);
      return rowCount === 1;
    },
  };
}

/** A probe that is under way may no longer close it. */
const OPEN = `
  with given as (select clock_timestamp() as at, $4::float8 * interval '1 millisecond' as length),
  opened as (
    insert into breakers as b (key, reason, opened_at, next_probe_at)
    select $1, $3, at, at + length from given
    on conflict (key) do update set
      reason = excluded.reason, opened_at = coalesce(b.opened_at, excluded.opened_at),
      next_probe_at = excluded.next_probe_at, probe = null, probe_until = null, changed_at = excluded.opened_at
    returning key)
  insert into breaker_changes (key, change, by, reason) select key, 'opened', $2, $3 from opened`;

const CLOSE = `
  with closed as (
    update breakers
       set failures = 0, reason = null, opened_at = null, next_probe_at = null, probe = null, probe_until = null,
           throttled_until = null, changed_at = clock_timestamp()
     where key = $1
    returning key)
  insert into breaker_changes (key, change, by, reason) select key, 'closed', $2, $3 from closed`;

function viewOf({ since, lastFailureAt, nextProbeAt, throttledUntil, ...row }: Row): BreakerView {
  return {
    ...row,
    since: textOf(since),
    lastFailureAt: textOf(lastFailureAt),
    nextProbeAt: textOf(nextProbeAt),
    throttledUntil: textOf(throttledUntil),
  };
}

function textOf(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}
