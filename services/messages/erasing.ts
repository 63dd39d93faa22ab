/** Deletes what is kept of messages to a person. */
import type { Database, Transaction } from '../database/pool.ts';
import { hashOf, waitForHolder } from '../outgoing/ledger.ts';
import type { PersonEraser } from './port.ts';

/** Opens it in a migrated database. It throws PerennialError `DatabaseUnavailable`. */
export function createPersonEraser(database: Database): PersonEraser {
  return {
    erase: async (userId, signal) => {
      for (;;) {
        signal.throwIfAborted();
        const outcome = await database.transaction((transaction) => eraseNow(transaction, userId));
        if (outcome === undefined || 'deleted' in outcome) return outcome?.deleted;
        await waitForHolder(outcome.leftMs, signal);
      }
    },
  };
}

/** Which rows of a table are deleted. */
type Statement = readonly [where: string, values: readonly unknown[]];

type Outcome = { readonly deleted: Readonly<Record<string, number>> } | { readonly leftMs: number };

async function eraseNow(transaction: Transaction, userId: string): Promise<Outcome | undefined> {
  const { rows } = await transaction.query<{ phone: string | null }>(
    'select phone from users where id = $1 for update',
    [userId],
  );
  const [user] = rows;
  if (user === undefined) return undefined;
  const hash = user.phone === null ? '' : hashOf(user.phone);
  const leftMs = await underWay(transaction, userId, hash);
  // Its attempt would write of the person again.
  if (leftMs !== undefined) return { leftMs };
  const ofUser: Statement = ['user_id = $1', [userId]];
  const statements: Readonly<Record<string, Statement>> = {
    text_messages: ['user_id = $1 or recipient_hash = $2', [userId, hash]],
    // Before the rows that name them.
    email_messages: [
      `message_key in (select message_key from communication_metrics where user_id = $1 and channel = 'email')`,
      [userId],
    ],
    communication_engagement: ofUser,
    communication_log: ofUser,
    communication_metrics: ofUser,
  };
  const deleted: Record<string, number> = {};
  for (const [table, [where, values]] of Object.entries(statements)) {
    const { rowCount } = await transaction.query(`delete from ${table} where ${where}`, values);
    deleted[table] = rowCount;
  }
  await transaction.query(
    `update users set phone = null, wants_texts = false, best_hour = null, channel = default, quiet_from = default,
       quiet_until = default where id = $1`,
    [userId],
  );
  return { deleted };
}

async function underWay(transaction: Transaction, userId: string, hash: string): Promise<number | undefined> {
  const { rows } = await transaction.query<{ left: number | null }>(
    `select (extract(epoch from max(lease_until) - now()) * 1000)::double precision as left
     from text_messages where (user_id = $1 or recipient_hash = $2) and state = 'sending' and lease_until > now()`,
    [userId, hash],
  );
  return rows[0]?.left ?? undefined;
}
