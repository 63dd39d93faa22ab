/** What is used of models, in PostgreSQL: a row for each key, and a row with the sums for each tenant and month. */
import { PerennialError } from '../../contracts/failures.ts';
import type { Database, Transaction } from '../database/pool.ts';
import type { MonthOfUsage, Reservation, Settlement, UsageKey, UsageLedger } from './port.ts';
import { billionthsOf, decimalCost } from './prices.ts';

/** Settings of {@link createUsageLedger}. */
export interface UsageLedgerOptions {
  readonly database: Database;
  /** Most that a tenant without a budget of its own may spend in a month. @defaultValue no bound */
  readonly monthlyBudget: number | undefined;
}

/** Hours after which the call that kept something back has ended without saying so. */
const STALE_HOURS = 24;

/** Opens the ledger of a migrated database. Every method throws PerennialError `DatabaseUnavailable` or `StorageFull`. */
export function createUsageLedger({ database, monthlyBudget }: UsageLedgerOptions): UsageLedger {
  const otherwise = monthlyBudget === undefined ? null : billionthsOf(monthlyBudget);
  return {
    reserve: async (reservation) => {
      const isKept = (): Promise<boolean> =>
        database.transaction((transaction) => reserve(transaction, reservation, otherwise));
      if (await isKept()) return;
      // What a call that died has kept back for a day is free again.
      const freed = await database.transaction((transaction) => releaseStale(transaction, reservation.tenant));
      if (freed && (await isKept())) return;
      throw usedUp(reservation);
    },
    settle: (settlement) => database.transaction((transaction) => settle(transaction, settlement)),
    release: (key) => database.transaction((transaction) => release(transaction, key)),
    usageOf: (tenant, month) => usageOf(database, tenant, month),
    setBudget: async (tenant, monthly) => {
      if (monthly === undefined) await database.query('delete from ai_budgets where tenant = $1', [tenant]);
      else
        await database.query(
          `insert into ai_budgets (tenant, monthly) values ($1, $2)
           on conflict (tenant) do update set monthly = excluded.monthly, changed_at = now()`,
          [tenant, monthly],
        );
    },
    budgetOf: async (tenant) => {
      const { rows } = await database.query<{ monthly: string }>('select monthly from ai_budgets where tenant = $1', [
        tenant,
      ]);
      return rows[0] === undefined ? (otherwise ?? undefined) : Number(rows[0].monthly);
    },
  };
}

function usedUp({ most, model }: Reservation): PerennialError {
  return new PerennialError(
    'AiBudgetUsedUp',
    `expected a budget that has ${decimalCost(most)} left, which a call of ${model} may cost at most, got less`,
  );
}

/** The month of now, by which sums are kept. */
const MONTH = `date_trunc('month', now() at time zone 'utc')::date`;

/** Keeps something back once for each key. @returns false when the budget has not enough left */
async function reserve(
  transaction: Transaction,
  { tenant, key, model, most }: Reservation,
  otherwise: number | null,
): Promise<boolean> {
  // The row of the month is locked first, so that calls of one tenant see what the others have kept back.
  await transaction.query(
    `insert into ai_months (tenant, month) values ($1, ${MONTH}) on conflict (tenant, month) do update set tenant = $1`,
    [tenant],
  );
  const { rowCount } = await transaction.query(
    `insert into ai_usage (tenant, request_key, model, month, reserved) values ($1, $2, $3, ${MONTH}, $4)
     on conflict (tenant, request_key) do nothing`,
    [tenant, key, model, most],
  );
  if (rowCount === 0) return true;
  const kept = await transaction.query(
    `update ai_months m set reserved = m.reserved + $2
     where m.tenant = $1 and m.month = ${MONTH} and m.spent + m.reserved + $2
       <= coalesce((select monthly from ai_budgets b where b.tenant = $1), $3::bigint, 9223372036854775807)`,
    [tenant, most, otherwise],
  );
  if (kept.rowCount > 0) return true;
  await transaction.query('delete from ai_usage where tenant = $1 and request_key = $2', [tenant, key]);
  return false;
}

/** Counts what a call has cost; within a transaction, so that it is counted with what was made. */
export async function settle(
  transaction: Transaction,
  { tenant, key, as = key, tokens, cost }: Settlement,
): Promise<void> {
  await transaction.query(
    `with settled as (
       update ai_usage set request_key = $3, input_tokens = $4, output_tokens = $5, cost = $6, settled_at = now()
       where tenant = $1 and request_key = $2 and settled_at is null
       returning month, reserved)
     update ai_months m set reserved = m.reserved - s.reserved, spent = m.spent + $6
     from settled s where m.tenant = $1 and m.month = s.month`,
    [tenant, key, as, tokens.input, tokens.output, cost],
  );
}

async function release(transaction: Transaction, { tenant, key }: UsageKey): Promise<void> {
  await transaction.query(
    `with released as (
       delete from ai_usage where tenant = $1 and request_key = $2 and settled_at is null returning month, reserved)
     update ai_months m set reserved = m.reserved - r.reserved
     from released r where m.tenant = $1 and m.month = r.month`,
    [tenant, key],
  );
}

async function releaseStale(transaction: Transaction, tenant: string): Promise<boolean> {
  const { rowCount } = await transaction.query(
    `with released as (
       delete from ai_usage where tenant = $1 and settled_at is null and made_at < now() - $2 * interval '1 hour'
       returning month, reserved),
     sums as (select month, sum(reserved) as reserved from released group by month)
     update ai_months m set reserved = m.reserved - s.reserved
     from sums s where m.tenant = $1 and m.month = s.month`,
    [tenant, STALE_HOURS],
  );
  return rowCount > 0;
}

async function usageOf(database: Database, tenant: string, month: string | undefined): Promise<MonthOfUsage> {
  const values = [tenant, month ?? null];
  const sums = await database.query<{ month: string; spent: string; reserved: string }>(
    `select to_char(of.month, 'YYYY-MM-DD') as month, coalesce(m.spent, 0) as spent, coalesce(m.reserved, 0) as reserved
     from (select coalesce($2::date, ${MONTH}) as month) of
     left join ai_months m on m.tenant = $1 and m.month = of.month`,
    values,
  );
  const models = await database.query<{ model: string; requests: number; input: string; output: string; cost: string }>(
    `select model, count(*)::int as requests, sum(input_tokens) as input, sum(output_tokens) as output, sum(cost) as cost
     from ai_usage where tenant = $1 and month = coalesce($2::date, ${MONTH}) and settled_at is not null
     group by model order by model`,
    values,
  );
  const [sum] = sums.rows;
  return {
    month: sum?.month ?? '',
    spent: Number(sum?.spent),
    reserved: Number(sum?.reserved),
    models: models.rows.map(({ model, requests, input, output, cost }) => ({
      model,
      requests,
      tokens: { input: Number(input), output: Number(output) },
      cost: Number(cost),
    })),
  };
}
