/** The ledger of text messages in PostgreSQL: which may be sent, by which attempt, and what became of them. */
import type { DeliveryStatus } from '../../contracts/messages/vocabulary.ts';
import type { Database } from '../database/pool.ts';
import { hashOf, renewLeases } from '../outgoing/ledger.ts';
import type { TextFailure } from './errors.ts';
import type { OutgoingText, ProviderMessage, TextFacts } from './port.ts';

/** A message that the caller may send. */
export interface ClaimedText {
  readonly messageId: string;
  /** Time of the first attempt that may have handed the message over, so that the provider must be asked. */
  readonly askedAt: Date | undefined;
  /** The message as news of it have told; the provider has it. */
  readonly told: ProviderMessage | undefined;
}

/** The answer of the ledger to a claim. */
export type TextClaim =
  | ({ readonly state: 'claimed' } & ClaimedText)
  | { readonly state: 'accepted'; readonly facts: TextFacts }
  /** Another attempt sends the message or died while sending; its lease ends after so many milliseconds. */
  | { readonly state: 'busy'; readonly leftMs: number }
  | { readonly state: 'opted-out' }
  /** The key belongs to a message for another recipient. */
  | { readonly state: 'foreign' };

/** Settings of a claim. */
export interface TextClaimOptions {
  /** Id of the claim; repeating the same claim changes nothing. */
  readonly claim: string;
  readonly leaseMs: number;
}

/** The ledger of text messages. Every write may be repeated without a further effect. */
export interface TextLedger {
  /** Records that a message is about to be sent. What failed before may be claimed again. */
  claim(message: OutgoingText, options: TextClaimOptions): Promise<TextClaim>;
  /** Extends the lease of a claim. */
  renew(key: string, claim: string, leaseMs: number): Promise<void>;
  /** Records that the provider took a message, whoever holds the claim now. */
  accept(key: string, facts: TextFacts, taken: ProviderMessage): Promise<void>;
  /** Returns a claim. `unsure` keeps the time of the first attempt that may have handed the message over. */
  release(key: string, claim: string, failure: TextFailure): Promise<void>;
  /** Returns those of some ids of the provider that belong to messages of the ledger. */
  knownSids(sids: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Opens the ledger of a migrated database. Every method throws PerennialError `DatabaseUnavailable` or `StorageFull`. */
export function createTextLedger(database: Database): TextLedger {
  return {
    claim: async (message, options) =>
      (await claimed(database, message, options)) ?? (await whyNotClaimed(database, message)),
    renew: (key, claim, leaseMs) => renewLeases(database, 'text_messages', [key], claim, leaseMs),
    accept: (key, facts, taken) => accept(database, key, facts, taken),
    release: async (key, claim, { failure, refused, unsure }) => {
      await database.query(
        `update text_messages set state = $3, failure_type = $4, failure_message = $5,
           asked_at = case when $6 then asked_at end, claim = null, lease_until = null
         where message_key = $1 and state = 'sending' and claim = $2`,
        [key, claim, refused ? 'failed' : 'deferred', failure.type, failure.message, unsure],
      );
    },
    knownSids: async (sids) => {
      const { rows } = await database.query<{ sid: string }>(
        'select provider_sid as sid from text_messages where provider_sid = any($1::text[])',
        [sids],
      );
      return new Set(rows.map(({ sid }) => sid));
    },
  };
}

interface ClaimedRow {
  readonly id: string;
  readonly asked: Date;
  readonly again: boolean;
  readonly sid: string | null;
  readonly delivery: DeliveryStatus | null;
  readonly code: number | null;
}

async function claimed(
  database: Database,
  { key, to, messageType, userId }: OutgoingText,
  { claim, leaseMs }: TextClaimOptions,
): Promise<TextClaim | undefined> {
  const { rows } = await database.query<ClaimedRow>(
    `insert into text_messages as m
       (message_key, recipient_hash, message_type, user_id, state, claim, lease_until)
     select $1, $2, $3, $4, 'sending', $5, now() + $6::double precision * interval '1 millisecond'
     where not exists (select from text_opt_outs where recipient_hash = $2)
     on conflict (message_key) do update
       set state = 'sending', claim = excluded.claim, lease_until = excluded.lease_until,
         attempts = m.attempts + 1, asked_at = coalesce(m.asked_at, now())
       where m.recipient_hash = excluded.recipient_hash
         and (m.state in ('deferred', 'failed')
           or (m.state = 'sending' and (m.lease_until <= now() or m.claim = excluded.claim)))
     returning message_id as id, asked_at as asked, asked_at < now() as again,
       provider_sid as sid, delivery, error_code as code`,
    [key, hashOf(to), messageType, userId ?? null, claim, leaseMs],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { id, asked, again, sid, delivery, code } = row;
  return {
    state: 'claimed',
    messageId: id,
    askedAt: again ? asked : undefined,
    told: sid === null ? undefined : { sid, status: delivery ?? 'queued', errorCode: code ?? undefined },
  };
}

interface LedgerRow {
  readonly state: string | null;
  readonly hash: string | null;
  readonly sid: string | null;
  readonly encoding: TextFacts['encoding'] | null;
  readonly segments: number | null;
  readonly cost: string | null;
  readonly left: number | null;
  readonly out: boolean;
}

async function whyNotClaimed(database: Database, { key, to }: OutgoingText): Promise<TextClaim> {
  const { rows } = await database.query<LedgerRow>(
    `select m.state, m.recipient_hash as hash, m.provider_sid as sid, m.encoding, m.segments, m.cost::text as cost,
       (extract(epoch from m.lease_until - now()) * 1000)::double precision as left,
       exists (select from text_opt_outs o where o.recipient_hash = $2) as out
     from (select) as one left join text_messages m on m.message_key = $1`,
    [key, hashOf(to)],
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError('expected one row for a message, got none');
  if (row.hash !== null && row.hash !== hashOf(to)) return { state: 'foreign' };
  if (row.state === 'accepted') return { state: 'accepted', facts: factsOf(row) };
  if (row.out) return { state: 'opted-out' };
  // A row that was removed or returned between the two statements is the next claim's.
  return { state: 'busy', leftMs: Math.max(0, row.left ?? 0) };
}

/** The columns are set with the state; the defaults please the compiler. */
function factsOf({ sid, encoding, segments, cost }: LedgerRow): TextFacts {
  return { sid: sid ?? '', encoding: encoding ?? 'gsm7', segments: segments ?? 1, cost: cost ?? '0' };
}

/** What news of the message have told before stays. */
async function accept(
  database: Database,
  key: string,
  { sid, encoding, segments, cost }: TextFacts,
  { status, errorCode }: ProviderMessage,
): Promise<void> {
  await database.query(
    `update text_messages
     set state = 'accepted', provider_sid = coalesce(provider_sid, $2), encoding = $3, segments = $4, cost = $5,
       delivery = coalesce(delivery, $6), error_code = coalesce(error_code, $7), failure_type = null,
       failure_message = null, accepted_at = now(), claim = null, lease_until = null
     where message_key = $1 and state <> 'accepted'`,
    [key, sid, encoding, segments, cost, status, errorCode ?? null],
  );
}
