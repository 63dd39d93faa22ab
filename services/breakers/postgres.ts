/** Breakers in PostgreSQL. They use its clock only, so that the clocks of workers need not agree. */
import { randomUUID } from 'node:crypto';
import { spreadMs } from '../../contracts/breakers/vocabulary.ts';
import type { Database } from '../database/pool.ts';
import { type BreakerAnswer, type BreakerStore, PROBE_LEASE_MS, type ProviderCall } from './port.ts';

/** Time after which a call asks again that came while another one probed, in milliseconds. */
const PROBE_LOOK_MS = 5_000;

/** Longest time that a provider may make its callers wait by its own word, in milliseconds. */
const LONGEST_THROTTLE_MS = 3_600_000;

/** Most parked rows that are counted for the spread, and most that one statement clears. */
const COUNTED = 2_000;
const CLEARED = 20;

/** Creates the breakers. */
export function createBreakerStore(database: Database): BreakerStore {
  const run = async (text: string, values: readonly unknown[]): Promise<void> => {
    await database.query(text, values);
  };
  return {
    ask: (call) => ask(database, call),
    renew: (key, probe) =>
      run(
        `update breakers set probe_until = clock_timestamp() + $3::int * interval '1 millisecond'
          where key = $1 and probe = $2`,
        [key, probe, PROBE_LEASE_MS],
      ),
    succeeded: (key, probe) =>
      probe === undefined
        ? run('update breakers set failures = 0 where key = $1 and opened_at is null and failures > 0', [key])
        : run(CLOSE_AFTER_PROBE, [key, probe]),
    failed: ({ key, type, opensAfter, forMs, throttledMs, probe }) =>
      run(NOTE_FAILURE, [
        key,
        type,
        opensAfter,
        forMs,
        throttledMs === undefined ? null : Math.min(throttledMs, LONGEST_THROTTLE_MS),
        probe ?? null,
      ]),
    undecided: (key, probe) =>
      run('update breakers set probe = null, probe_until = null where key = $1 and probe = $2', [key, probe]),
  };
}

/** How a breaker stands at a time. */
const STANDING = `
  b.opened_at is not null as open, coalesce(b.reason, '') as reason,
  b.opened_at is not null and b.next_probe_at is null as held,
  extract(epoch from greatest(case when b.opened_at is not null then b.next_probe_at end, b.throttled_until)
    - a.at)::float8 * 1000 as wait_ms`;

/** One row only when the breaker is known; the row is as it was before the statement. */
const ASK = `
  with asked as materialized (select clock_timestamp() as at), probe as (
    update breakers b
       set probe = $2, probe_until = a.at + $3::int * interval '1 millisecond', changed_at = a.at
      from asked a
     where b.key = $1 and b.opened_at is not null and b.next_probe_at <= a.at
       and (b.probe_until is null or b.probe_until <= a.at)
       and (b.throttled_until is null or b.throttled_until <= a.at)
    returning b.key)
  select exists (select from probe) as probes, ${STANDING}
    from breakers b, asked a where b.key = $1`;

interface Standing {
  readonly probes: boolean;
  readonly open: boolean;
  readonly reason: string;
  readonly held: boolean;
  readonly wait_ms: number | null;
}

async function ask(database: Database, call: ProviderCall): Promise<BreakerAnswer> {
  const probe = randomUUID();
  const { rows } = await database.query<Standing>(ASK, [call.key, probe, PROBE_LEASE_MS]);
  const [standing] = rows;
  const waitMs = standing === undefined ? 0 : waitOf(standing, call);
  if (waitMs > 0) {
    const parked = await park(database, call, waitMs);
    const leftMs = Math.min(waitMs, await stillWaits(database, call));
    return {
      kind: 'wait',
      waitMs: Math.ceil(leftMs + Math.random() * spreadMs(parked)),
      reason: standing?.reason ?? '',
    };
  }
  if (call.parked !== undefined)
    await database.query('delete from breaker_parked where key = $1 and holder = $2', [call.key, call.holder]);
  return standing?.probes === true ? { kind: 'probe', probe } : { kind: 'go' };
}

/**
 * Asks again once the call is noted as parked: who sets the breaker wakes those that are noted, and one that has set it in
 * between did not see this one. The lock waits for whoever is setting it.
 */
async function stillWaits(database: Database, call: ProviderCall): Promise<number> {
  const { rows } = await database.query<Standing>(
    `select false as probes, ${STANDING} from breakers b, (select clock_timestamp() as at) a where b.key = $1
     for share of b`,
    [call.key],
  );
  return rows[0] === undefined ? 0 : waitOf(rows[0], call);
}

/** Returns the time that a call must wait, without the spread; 0 when it may go. */
function waitOf({ probes, open, held, wait_ms }: Standing, { forMs }: ProviderCall): number {
  if (probes) return 0;
  const left = wait_ms ?? 0;
  if (!open) return Math.max(0, left);
  if (held) return Math.max(forMs, left);
  return left > 0 ? left : PROBE_LOOK_MS;
}

/** Notes a parked call and returns how many wait for the provider. */
async function park(
  database: Database,
  { key, holder, workflowId, parked = 1 }: ProviderCall,
  waitMs: number,
): Promise<number> {
  const { rows } = await database.query<{ waiting: number }>(
    `with old as (
       delete from breaker_parked where (key, holder) in (
         select key, holder from breaker_parked where until < now() - interval '10 minutes' and holder <> $2
         order by until limit ${CLEARED} for update skip locked)),
     others as (
       delete from breaker_parked where $4::int > 1 and key = $1 and workflow_id = $3 and holder <> $2),
     mine as (
       insert into breaker_parked (key, holder, workflow_id, calls, until)
       values ($1, $2, $3, $4, now() + $5::float8 * interval '1 millisecond')
       on conflict (key, holder) do update set calls = excluded.calls, until = excluded.until, wake_at = null)
     select coalesce(sum(calls), 0)::int as waiting from (
       select calls from breaker_parked where key = $1 and until > now() - interval '1 minute' limit ${COUNTED}) as waits`,
    [key, holder, workflowId, parked, waitMs],
  );
  return Math.max(parked, rows[0]?.waiting ?? 0);
}

const CLOSE_AFTER_PROBE = `
  with closed as (
    update breakers
       set failures = 0, opened_at = null, next_probe_at = null, probe = null, probe_until = null, reason = null,
           changed_at = clock_timestamp()
     where key = $1 and probe = $2
    returning key)
  insert into breaker_changes (key, change, by, reason)
  select key, 'closed', 'perennial', 'the probe succeeded' from closed`;

/**
 * Counts a failure. A failure of the probe, and one of a call that began before the breaker opened, put off the next
 * probe, as the time to live of a counter would.
 */
const NOTE_FAILURE = `
  with given as materialized (
    select clock_timestamp() as at, $4::float8 * interval '1 millisecond' as length),
  noted as (
    insert into breakers as b (key, failures, last_failure_at, reason, opened_at, next_probe_at, throttled_until)
    select $1, 1, at, $2, case when $3::int <= 1 then at end, case when $3::int <= 1 then at + length end,
           at + $5::float8 * interval '1 millisecond' from given
    on conflict (key) do update set
      failures = case when b.opened_at is null and b.last_failure_at <= excluded.last_failure_at - (select length from given)
                      then 1 else b.failures + 1 end,
      last_failure_at = excluded.last_failure_at,
      reason = case when b.opened_at is not null and b.next_probe_at is null then b.reason else excluded.reason end,
      opened_at = coalesce(b.opened_at, case when ${opensNow('b')} then excluded.last_failure_at end),
      next_probe_at = case
        when b.opened_at is not null and b.next_probe_at is null then null
        when b.opened_at is not null or ${opensNow('b')}
        then excluded.last_failure_at + (select length from given) end,
      probe = case when b.probe = $6 then null else b.probe end,
      probe_until = case when b.probe = $6 then null else b.probe_until end,
      throttled_until = greatest(b.throttled_until, excluded.throttled_until),
      changed_at = excluded.last_failure_at
    returning b.key, b.failures, b.opened_at = b.last_failure_at as opened)
  insert into breaker_changes (key, change, by, reason)
  select key, 'opened', 'perennial', $2 || ', ' || failures || ' in a row' from noted where opened`;

/** Tells whether this failure is the one that opens a closed breaker. */
function opensNow(row: string): string {
  return `(case when ${row}.last_failure_at <= excluded.last_failure_at - (select length from given)
             then 1 else ${row}.failures + 1 end >= $3::int)`;
}
