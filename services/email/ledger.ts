/** The ledger of outgoing mail in PostgreSQL: which messages may be sent, by which attempt, and their outcomes. */
import { isFailureType, PerennialError } from '../../contracts/failures.ts';
import type { Database } from '../database/pool.ts';
import { hashOf, renewLeases } from '../outgoing/ledger.ts';

/** A message to be claimed. */
export interface Claimant {
  readonly key: string;
  readonly messageId: string;
  readonly to: string;
  readonly position?: number | undefined;
}

/** The answer of the ledger to a claim. */
export type ClaimAnswer =
  /** The caller may send the message; the date is that of the first attempt. */
  | { readonly state: 'claimed'; readonly date: Date }
  | { readonly state: 'sent'; readonly messageId: string }
  | { readonly state: 'failed'; readonly failure: PerennialError }
  /** Another attempt sends the message or died while sending; its lease ends after so many milliseconds. */
  | { readonly state: 'busy'; readonly leftMs: number }
  /** The key belongs to a message for another recipient. */
  | { readonly state: 'foreign' };

/** The outcome of a claimed message. `deferred` without a failure returns the claim. */
export interface Settlement {
  readonly key: string;
  readonly state: 'sent' | 'failed' | 'deferred';
  /** SMTP code of the answer. */
  readonly code?: number | undefined;
  readonly failure?: PerennialError | undefined;
}

/** Settings of a claim. */
export interface ClaimOptions {
  /** Id of the claim; repeating the same claim changes nothing. */
  readonly claim: string;
  readonly leaseMs: number;
  readonly bulkId?: string | undefined;
  readonly retryFailed?: boolean | undefined;
}

/** The ledger of outgoing mail. Every write may be repeated without a further effect. */
export interface EmailLedger {
  /** Records that messages are about to be sent. Returns one answer for each key; keys must differ. */
  claim(messages: readonly Claimant[], options: ClaimOptions): Promise<ReadonlyMap<string, ClaimAnswer>>;
  /** Extends the leases of a claim. */
  renew(keys: readonly string[], claim: string, leaseMs: number): Promise<void>;
  /** Records outcomes. `sent` is recorded whoever holds the claim now, because the server accepted the message. */
  settle(settlements: readonly Settlement[], claim: string): Promise<void>;
}

/** Hashes a recipient for the ledger, so that only a caller who knows the address can find its row. */
export function recipientHash(address: string): string {
  return hashOf(address.trim().toLowerCase());
}

/**
 * Opens the ledger of a migrated database. Every method throws PerennialError `DatabaseUnavailable` or `StorageFull`.
 */
export function createEmailLedger(database: Database): EmailLedger {
  return {
    claim: (messages, options) => claim(database, messages, options),
    renew: (keys, claimId, leaseMs) => renewLeases(database, 'email_messages', keys, claimId, leaseMs),
    settle: (settlements, claimId) => settle(database, settlements, claimId),
  };
}

async function claim(
  database: Database,
  messages: readonly Claimant[],
  options: ClaimOptions,
): Promise<ReadonlyMap<string, ClaimAnswer>> {
  // All claims use one order, so that two claims of the same messages wait for each other instead of deadlocking.
  const ordered = messages.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const { rows } = await database.query<{ key: string; date: Date }>(
    `insert into email_messages as m
       (message_key, message_id, recipient_hash, position, bulk_id, state, claim, lease_until)
     select n.key, n.id, n.hash, n.position, $5, 'sending', $6, now() + $7::double precision * interval '1 millisecond'
     from unnest($1::text[], $2::text[], $3::text[], $4::integer[]) as n (key, id, hash, position)
     on conflict (message_key) do update
       set state = 'sending', claim = excluded.claim, lease_until = excluded.lease_until,
         claimed_at = now(), attempts = m.attempts + 1
       where m.recipient_hash = excluded.recipient_hash
         and (m.state = 'deferred' or (m.state = 'failed' and $8)
           or (m.state = 'sending' and (m.lease_until <= now() or m.claim = excluded.claim)))
     returning message_key as key, created_at as date`,
    [
      ordered.map(({ key }) => key),
      ordered.map(({ messageId }) => messageId),
      ordered.map(({ to }) => recipientHash(to)),
      ordered.map(({ position }) => position ?? null),
      options.bulkId ?? null,
      options.claim,
      options.leaseMs,
      options.retryFailed ?? false,
    ],
  );
  const answers = new Map<string, ClaimAnswer>(rows.map(({ key, date }) => [key, { state: 'claimed', date }]));
  const others = ordered.filter(({ key }) => !answers.has(key));
  if (others.length > 0) await addOthers(database, others, answers);
  return answers;
}

interface LedgerRow {
  readonly key: string;
  readonly state: string;
  readonly id: string;
  readonly hash: string;
  readonly type: string | null;
  readonly message: string | null;
  readonly left: number | null;
}

async function addOthers(
  database: Database,
  others: readonly Claimant[],
  answers: Map<string, ClaimAnswer>,
): Promise<void> {
  const { rows } = await database.query<LedgerRow>(
    `select message_key as key, state, message_id as id, recipient_hash as hash,
       failure_type as type, failure_message as message,
       (extract(epoch from lease_until - now()) * 1000)::double precision as left
     from email_messages where message_key = any($1::text[])`,
    [others.map(({ key }) => key)],
  );
  const byKey = new Map(rows.map((row) => [row.key, row]));
  for (const { key, to } of others) answers.set(key, answerOf(byKey.get(key), to));
}

function answerOf(row: LedgerRow | undefined, to: string): ClaimAnswer {
  // The row was removed or returned between the two statements; the next claim gets it.
  if (row === undefined) return { state: 'busy', leftMs: 0 };
  if (row.hash !== recipientHash(to)) return { state: 'foreign' };
  if (row.state === 'sent') return { state: 'sent', messageId: row.id };
  if (row.state === 'sending' || row.state === 'deferred') return { state: 'busy', leftMs: Math.max(0, row.left ?? 0) };
  const type = isFailureType(row.type) ? row.type : 'Unexpected';
  return { state: 'failed', failure: new PerennialError(type, row.message ?? 'refused before') };
}

async function settle(database: Database, settlements: readonly Settlement[], claimId: string): Promise<void> {
  const ordered = settlements.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  await database.query(
    `update email_messages m
     set state = n.state, response_code = n.code, failure_type = n.type, failure_message = n.message,
       sent_at = case when n.state = 'sent' then now() end, claim = null, lease_until = null
     from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[]) as n (key, state, code, type, message)
     where m.message_key = n.key and m.state <> 'sent' and (n.state = 'sent' or m.claim = $6)`,
    [
      ordered.map(({ key }) => key),
      ordered.map(({ state }) => state),
      ordered.map(({ code }) => code ?? null),
      ordered.map(({ failure }) => failure?.type ?? null),
      ordered.map(({ failure }) => failure?.message ?? null),
      claimId,
    ],
  );
}
