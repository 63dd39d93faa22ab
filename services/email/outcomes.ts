/** Reads the outcomes of a mailing's recipients from the ledger. */
import type { EmailOutcome } from '../../contracts/email/schema.ts';
import { failureRecord, isFailureType } from '../../contracts/failures.ts';
import type { Database } from '../database/pool.ts';
import { recipientHash } from './ledger.ts';
import type { BulkCounts, EmailOutcomes, NotedRecipient } from './port.ts';

interface OutcomeRow {
  readonly position: number;
  readonly state: string;
  readonly id: string;
  readonly type: string | null;
  readonly message: string | null;
}

/** Creates the outcomes in PostgreSQL. Every method throws PerennialError `DatabaseUnavailable` or `StorageFull`. */
export function createEmailOutcomes(database: Database): EmailOutcomes {
  return {
    note: (bulkId, recipients) => note(database, bulkId, recipients),
    outcomes: async (bulkId, after, limit) => {
      const { rows } = await database.query<OutcomeRow>(
        `select position, state, message_id as id, failure_type as type, failure_message as message
         from email_messages where bulk_id = $1 and position > $2 order by position limit $3`,
        [bulkId, after, limit],
      );
      return rows.map(toOutcome);
    },
    counts: async (bulkId) => {
      const { rows } = await database.query<BulkCounts>(
        `select count(*) filter (where state = 'sent')::int as sent, count(*) filter (where state = 'failed')::int as failed,
           count(*) filter (where state = 'duplicate')::int as duplicates,
           count(*) filter (where state = 'deferred')::int as deferred
         from email_messages where bulk_id = $1`,
        [bulkId],
      );
      return rows[0] ?? { sent: 0, failed: 0, duplicates: 0, deferred: 0 };
    },
  };
}

async function note(database: Database, bulkId: string, recipients: readonly NotedRecipient[]): Promise<void> {
  if (recipients.length === 0) return;
  await database.query(
    `insert into email_messages
       (message_key, message_id, recipient_hash, position, bulk_id, state, failure_type, failure_message)
     select n.key, '', n.hash, n.position, $7, n.state, n.type, n.message
     from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[])
       as n (key, hash, position, state, type, message)
     on conflict (message_key) do nothing`,
    [
      recipients.map(({ key }) => key),
      recipients.map(({ recipient }) => recipientHash(recipient)),
      recipients.map(({ position }) => position),
      recipients.map(({ status }) => status),
      recipients.map(({ failure }) => failure.type),
      recipients.map(({ failure }) => failure.message),
      bulkId,
    ],
  );
}

const STATUSES: Readonly<Record<string, EmailOutcome['status']>> = {
  sent: 'sent',
  failed: 'failed',
  duplicate: 'duplicate',
};

function toOutcome({ position, state, id, type, message }: OutcomeRow): EmailOutcome {
  return {
    position,
    status: STATUSES[state] ?? 'pending',
    messageId: state === 'sent' ? id : null,
    failure: isFailureType(type) ? failureRecord(type, message ?? '') : null,
  };
}
