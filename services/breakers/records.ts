/** Breakers as operators see and set them. */
import { MOST_SPREAD_MS, SPREAD_MS_EACH } from '../../contracts/breakers/vocabulary.ts';
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
      await set(database, OPEN, [key, by, reason, forMs ?? null]);
    },
    close: (key, { by, reason }) => set(database, CLOSE, [key, by, reason]),
  };
}

/**
 * The runs that wait for the breaker are to ask again, one after the other as {@link spreadMs} has it, so that they do not
 * meet the provider all at once. Workers wake them; whoever sets the breaker may die right after.
 */
const WAKE = `
  update breaker_parked p set wake_at = clock_timestamp() + turn.n * interval '1 millisecond' * least(
      ${SPREAD_MS_EACH}, ${MOST_SPREAD_MS}::float8 / turn.runs)
    from (select workflow_id, row_number() over (order by min(since)) - 1 as n, count(*) over () as runs
            from breaker_parked where key = $1 group by workflow_id) as turn
   where p.key = $1 and p.workflow_id = turn.workflow_id`;

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

/**
 * Sets a breaker and lets its runs wake in one transaction. The second statement sees the calls that were parked while the
 * first one waited for the row.
 */
function set(database: Database, statement: string, values: readonly [key: string, ...others: unknown[]]) {
  return database.transaction(async (transaction) => {
    const { rowCount } = await transaction.query(statement, values);
    if (rowCount > 0) await transaction.query(WAKE, [values[0]]);
    return rowCount > 0;
  });
}

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
