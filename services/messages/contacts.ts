/** How users want to be written to, and what was written to them, in PostgreSQL. */
import type { RegularMessage } from '../../contracts/messages/vocabulary.ts';
import type { Database } from '../database/pool.ts';
import type { Channel, Contact, Contacts, Recipient, Tried } from './port.ts';

interface ContactRow {
  readonly email: string;
  readonly time_zone: string;
  readonly phone: string | null;
  readonly wants_texts: boolean;
  readonly channel: Channel;
  readonly quiet_from: number;
  readonly quiet_until: number;
}

/** Opens the contacts of a migrated database. Every method throws PerennialError `DatabaseUnavailable` or `StorageFull`. */
export function createContacts(database: Database): Contacts {
  return {
    find: async (userId) => {
      const { rows } = await database.query<ContactRow>(
        'select email, time_zone, phone, wants_texts, channel, quiet_from, quiet_until from users where id = $1',
        [userId],
      );
      return rows[0] === undefined ? undefined : toContact(userId, rows[0]);
    },
    change: async (userId, { phone, wantsTexts, channel, quietFrom, quietUntil }) => {
      const { rowCount } = await database.query(
        `update users set phone = case when $2 then $3 else phone end, wants_texts = coalesce($4, wants_texts),
           channel = coalesce($5, channel), quiet_from = coalesce($6, quiet_from), quiet_until = coalesce($7, quiet_until)
         where id = $1`,
        [
          userId,
          phone !== undefined,
          phone ?? null,
          wantsTexts ?? null,
          channel ?? null,
          quietFrom ?? null,
          quietUntil ?? null,
        ],
      );
      return rowCount > 0;
    },
    note: (tried) => note(database, tried),
    page: async ({ messageType, keyPrefix, after, limit }) => {
      const { rows } = await database.query<Recipient>(
        `select id as "userId", exists (select from communication_log where message_key = $3 || id) as told
         from users where id > $1 and ${WANTED[messageType]} order by id limit $2`,
        [after, limit, keyPrefix],
      );
      return rows;
    },
  };
}

/** Who is told something regularly: whoever has not said no to the like of it. */
const WANTED: Readonly<Record<RegularMessage, string>> = {
  monthly_report: 'wants_digest',
  weekly_checkin: 'wants_reminders',
};

async function note(database: Database, { key, userId, messageType, channel, status }: Tried): Promise<void> {
  await database.transaction(async (transaction) => {
    // A phone network may have told more already.
    await transaction.query(
      `insert into communication_metrics (message_key, channel, user_id, message_type, status)
       values ($1, $2, $3, $4, $5)
       on conflict (message_key, channel) do update set status = excluded.status, updated_at = now()
         where communication_metrics.status = 'failed' and excluded.status = 'sent'`,
      [key, channel, userId, messageType, status],
    );
    if (status !== 'sent') return;
    await transaction.query(
      `insert into communication_log (message_key, user_id, action, result)
       select $1, id, 'communication_sent', $3 from users where id = $2
       on conflict (message_key) do nothing`,
      [key, userId, channel],
    );
  });
}

function toContact(userId: string, row: ContactRow): Contact {
  return {
    userId,
    email: row.email,
    timeZone: row.time_zone,
    phone: row.phone ?? undefined,
    wantsTexts: row.wants_texts,
    channel: row.channel,
    quietFrom: row.quiet_from,
    quietUntil: row.quiet_until,
  };
}
