/** What is known of the objects of the provider, in PostgreSQL. */
import type { BillingKind } from '../../contracts/billing/vocabulary.ts';
import type { Database, Queryable, Transaction } from '../database/pool.ts';
import type { BillingFacts, BillingRecords, Snapshot } from './port.ts';

/** Opens the records of a migrated database. Every method throws PerennialError `DatabaseUnavailable` or `StorageFull`. */
export function createBillingRecords(database: Database): BillingRecords {
  return {
    save: async (snapshots) => {
      const [first] = snapshots;
      if (first === undefined) return;
      await database.transaction(async (transaction) => {
        await lockLane(transaction, first.facts.customerId ?? first.facts.id);
        await writeObjects(transaction, snapshots);
      });
    },
    customerOf: async (userId) => {
      const { rows } = await database.query<{ customerId: string | null }>(
        'select billing_customer as "customerId" from users where id = $1',
        [userId],
      );
      return rows[0];
    },
    link: (userId, customerId) =>
      database.transaction(async (transaction) => {
        await lockLane(transaction, customerId);
        return linkUser(transaction, userId, customerId);
      }),
    mailboxOf: async (customerId) => {
      const { rows } = await database.query<{ email: string }>('select email from users where billing_customer = $1', [
        customerId,
      ]);
      return rows[0]?.email;
    },
    subscriptionOf: async (userId) => {
      const { rows } = await database.query<{ status: string | null; until: Date | null }>(
        'select subscription_status as status, subscription_until as until from users where id = $1',
        [userId],
      );
      return rows[0] ?? { status: null, until: null };
    },
  };
}

/** Waits until nobody else writes of a customer, or of an object without one; for the time of the transaction. */
async function lockLane(transaction: Transaction, lane: string): Promise<void> {
  await transaction.query(`select pg_advisory_xact_lock(${LANE_LOCK})`, [lane]);
}

/** As {@link lockLane}, without waiting. Returns false when somebody else has the lane. */
export async function tryLane(transaction: Transaction, lane: string): Promise<boolean> {
  const { rows } = await transaction.query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock(${LANE_LOCK}) as locked`,
    [lane],
  );
  return rows[0]?.locked === true;
}

const LANE_LOCK = `hashtextextended('billing/' || $1, 0)`;

interface ObjectRow {
  readonly id: string;
  readonly kind: BillingKind;
  readonly customerId: string | null;
  readonly parentId: string | null;
  readonly status: string;
  readonly amount: string | null;
  readonly settled: string | null;
  readonly currency: string | null;
  readonly detail: string | null;
  readonly endsAt: Date | null;
  readonly asOf: Date;
}

/** Returns what is known of objects, by their ids. */
export async function knownObjects(database: Queryable, ids: readonly string[]): Promise<Map<string, Snapshot>> {
  const { rows } = await database.query<ObjectRow>(
    `select object_id as id, kind, customer_id as "customerId", parent_id as "parentId", status, amount, settled,
       currency, detail, ends_at as "endsAt", as_of as "asOf"
     from billing_objects where object_id = any($1::text[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, toSnapshot(row)]));
}

function toSnapshot({ asOf, amount, settled, endsAt, ...row }: ObjectRow): Snapshot {
  const facts: BillingFacts = {
    ...row,
    amount: amount === null ? null : Number(amount),
    settled: settled === null ? null : Number(settled),
    endsAt: endsAt?.toISOString() ?? null,
    userId: null,
  };
  return { facts, asOf };
}

/** Writes states of objects, unless newer ones are known, and what follows from them for users. */
export async function writeObjects(transaction: Transaction, snapshots: readonly Snapshot[]): Promise<void> {
  for (const { facts, asOf } of snapshots) {
    await transaction.query(
      `insert into billing_objects as o (object_id, kind, customer_id, parent_id, status, amount, settled, currency,
         detail, ends_at, as_of)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (object_id) do update set customer_id = coalesce(excluded.customer_id, o.customer_id),
         parent_id = coalesce(excluded.parent_id, o.parent_id), status = excluded.status, amount = excluded.amount,
         settled = excluded.settled, currency = excluded.currency, detail = excluded.detail,
         ends_at = excluded.ends_at, as_of = excluded.as_of, changed_at = now()
       where o.as_of <= excluded.as_of`,
      [
        facts.id,
        facts.kind,
        facts.customerId,
        facts.parentId,
        facts.status,
        facts.amount,
        facts.settled,
        facts.currency,
        facts.detail,
        facts.endsAt,
        asOf.toISOString(),
      ],
    );
    if (facts.kind === 'customer' && facts.userId !== null) await linkUser(transaction, facts.userId, facts.id);
  }
  const customers = new Set(snapshots.flatMap(({ facts }) => facts.customerId ?? []));
  for (const customerId of customers) await copyToUser(transaction, customerId);
}

/** Returns whether the customer is that of the user now. */
async function linkUser(transaction: Transaction, userId: string, customerId: string): Promise<boolean> {
  const { rowCount } = await transaction.query(
    `update users set billing_customer = $2
     where id = $1 and coalesce(billing_customer, $2) = $2
       and not exists (select from users other where other.billing_customer = $2 and other.id <> $1)`,
    [userId, customerId],
  );
  return rowCount > 0;
}

/** Statuses of subscriptions, the best first. */
const BEST_FIRST = ['active', 'trialing', 'past_due', 'unpaid', 'paused', 'incomplete', 'canceled'];

async function copyToUser(transaction: Transaction, customerId: string): Promise<void> {
  await transaction.query(
    `update users set subscription_status = best.status, subscription_until = best.ends_at
     from (select customer.id, s.status, s.ends_at from (select $1::text as id) customer
       left join lateral (select status, ends_at from billing_objects
         where customer_id = customer.id and kind = 'subscription'
         order by array_position($2::text[], status) nulls last, ends_at desc nulls last, object_id limit 1) s on true) best
     where users.billing_customer = best.id
       and (users.subscription_status, users.subscription_until) is distinct from (best.status, best.ends_at)`,
    [customerId, BEST_FIRST],
  );
}
