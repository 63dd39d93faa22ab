/** Stores the state of health from check to check, and which of its changes were reported to the administrator. */
import type { HealthStatus } from '../../contracts/housekeeping/vocabulary.ts';
import type { HealthChange, HealthReport } from '../../contracts/housekeeping/schema.ts';
import type { Database, Queryable } from '../database/pool.ts';
import { storableJson } from '../database/text.ts';
import type { HealthLedger, RunLedger } from './port.ts';

/** Id of the only state that exists so far. */
const SYSTEM = 'system';

/** Most unreported changes that are returned; far fewer ever wait at once. */
const MAX_UNTOLD = 20;

/** State before the first check. */
const FIRST: HealthStatus = 'healthy';

/** Creates the ledger of health in a migrated database. */
export function createHealthLedger(database: Database): HealthLedger {
  return {
    record: (checkId, report) => database.transaction((transaction) => record(transaction, checkId, report)),
    untold: () => untold(database),
    told: async (key) => {
      await database.query('update health_changes set told_at = now() where key = $1 and told_at is null', [key]);
    },
  };
}

interface StateRow {
  readonly status: HealthStatus;
  readonly checked_at: Date | null;
}

async function record(transaction: Queryable, checkId: string, report: HealthReport): Promise<void> {
  const before = await lockState(transaction);
  // Of two overlapping checks the later one counts; a repeated record has the same time and changes nothing.
  if (before.checked_at !== null && new Date(report.timestamp) <= before.checked_at) return;
  if ((before.status === 'unhealthy') !== (report.status === 'unhealthy')) {
    await transaction.query(
      `insert into health_changes (key, from_status, to_status, at, checks) values ($1, $2, $3, $4, $5::jsonb)
       on conflict (key) do nothing`,
      [`health-${checkId}`, before.status, report.status, report.timestamp, storableJson(report.checks)],
    );
  }
  await transaction.query(
    `update health_state set
       since = case when status = $2 and checked_at > '-infinity' then since else $3 end,
       status = $2, checked_at = $3, checks = $4::jsonb
     where name = $1`,
    [SYSTEM, report.status, report.timestamp, storableJson(report.checks)],
  );
}

/** Inserts the row when it is missing, so that there is always one to lock. */
async function lockState(transaction: Queryable): Promise<StateRow> {
  await transaction.query(
    `insert into health_state (name, status, since, checked_at, checks) values ($1, $2, now(), '-infinity', '{}')
     on conflict (name) do nothing`,
    [SYSTEM, FIRST],
  );
  const { rows } = await transaction.query<StateRow>(
    `select status, nullif(checked_at, '-infinity') as checked_at from health_state where name = $1 for update`,
    [SYSTEM],
  );
  return rows[0] ?? { status: FIRST, checked_at: null };
}

async function untold(database: Database): Promise<readonly HealthChange[]> {
  const { rows } = await database.query<{
    key: string;
    from_status: HealthStatus;
    to_status: HealthStatus;
    at: Date;
    checks: Record<string, string>;
  }>(
    `select key, from_status, to_status, at, checks from health_changes where told_at is null order by at, key limit $1`,
    [MAX_UNTOLD],
  );
  return rows.map(({ key, from_status: from, to_status: status, at, checks }) => ({
    key,
    from,
    report: { timestamp: at.toISOString(), status, checks },
  }));
}

/** Creates the ledger of task runs in a migrated database. */
export function createRunLedger(database: Database): RunLedger {
  return {
    record: async (key) => {
      const { rows } = await database.query<{ ran_at: Date }>(
        `insert into sunrise_runs (key) values ($1) on conflict (key) do update set key = excluded.key returning ran_at`,
        [key],
      );
      return rows[0]?.ran_at ?? new Date();
    },
  };
}
