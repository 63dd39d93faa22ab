/** The ledger of text messages in PostgreSQL: which may be sent, by which attempt, and what became of them. */
import { createHash } from 'node:crypto';
import { isFailureType, PerennialError } from '../../contracts/failures.ts';
import type { DeliveryStatus } from '../../contracts/messages/vocabulary.ts';
import type { Database } from '../database/pool.ts';
import type { OutgoingText, ProviderMessage, TextFacts } from './port.ts';

/** The answer of the ledger to a claim. */
export type TextClaim =
  /**
   * The caller may send the message. Where an attempt before may have handed it over, `askedAt` is the time of the first
   * such attempt, and the provider must be asked.
   */
  | {
      readonly state: 'claimed';
      readonly messageId: string;
      readonly askedAt: Date | undefined;
      /** The message as news of it have told; the provider has it. */
      readonly told: ProviderMessage | undefined;
    }
  | ({ readonly state: 'accepted' } & TextFacts)
  | { readonly state: 'failed'; readonly failure: PerennialError }
  /** Another attempt sends the message or died while sending; its lease ends after so many milliseconds. */
  | { readonly state: 'busy'; readonly leftMs: number }
  | { readonly state: 'opted-out' }
  /** The key belongs to a message for another recipient. */
  | { readonly state: 'foreign' };

/** The outcome of a claimed message. */
export type TextSettlement =
  | ({
      readonly key: string;
      readonly state: 'accepted';
      readonly delivery: DeliveryStatus;
      readonly errorCode: number | undefined;
    } & TextFacts)
  /** `unsure` keeps the time of the first attempt that may have handed the message over. */
  | { readonly key: string; readonly state: 'failed'; readonly failure: PerennialError; readonly unsure: boolean }
  /** The claim is returned. */
  | { readonly key: string; readonly state: 'deferred'; readonly unsure: boolean };

/** Settings of a claim. */
export interface TextClaimOptions {
  /** Id of the claim; repeating the same claim changes nothing. */
  readonly claim: string;
  readonly leaseMs: number;
  /** Whether messages that were refused for good may be claimed again. */
  readonly retryFailed: boolean;
}

/** The ledger of text messages. Every write may be repeated without a further effect. */
export interface TextLedger {
  /** Records that messages are about to be sent. Returns one answer for each key; keys must differ. */
  claim(messages: readonly OutgoingText[], options: TextClaimOptions): Promise<ReadonlyMap<string, TextClaim>>;
  /** Extends the leases of a claim. */
  renew(keys: readonly string[], claim: string, leaseMs: number): Promise<void>;
  /** Records outcomes. `accepted` is recorded whoever holds the claim now, because the provider took the message. */
  settle(settlements: readonly TextSettlement[], claim: string): Promise<void>;
  /** Returns those of some ids of the provider that belong to messages of the ledger. */
  knownSids(sids: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Hashes a number for the ledger. It keeps readers of the table from seeing numbers; who may try all of them can find one. */
export function numberHash(number: string): string {
  return createHash('sha256').update(number).digest('hex');
}

/** Opens the ledger of a migrated database. Every method throws PerennialError `DatabaseUnavailable` or `StorageFull`. */
export function createTextLedger(database: Database): TextLedger {
  return {
    claim: (messages, options) => claim(database, messages, options),
    renew: async (keys, claimId, leaseMs) => {
      await database.query(
        `update text_messages set lease_until = now() + $3::double precision * interval '1 millisecond'
         where message_key = any($1::text[]) and claim = $2 and state = 'sending'`,
        [keys, claimId, leaseMs],
      );
    },
    settle: (settlements, claimId) => settle(database, settlements, claimId),
    knownSids: async (sids) => {
      const { rows } = await database.query<{ sid: string }>(
        'select provider_sid as sid from text_messages where provider_sid = any($1::text[])',
        [sids],
      );
      return new Set(rows.map(({ sid }) => sid));
    },
  };
}

async function claim(
  database: Database,
  messages: readonly OutgoingText[],
  options: TextClaimOptions,
): Promise<ReadonlyMap<string, TextClaim>> {
  // All claims use one order, so that two claims of the same messages wait for each other instead of deadlocking.
  const ordered = messages.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const { rows } = await database.query<ClaimedRow>(
    `insert into text_messages as m
       (message_key, recipient_hash, message_type, user_id, state, claim, lease_until)
     select n.key, n.hash, n.type, n.user_id, 'sending', $5, now() + $6::double precision * interval '1 millisecond'
     from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as n (key, hash, type, user_id)
     where not exists (select from text_opt_outs o where o.recipient_hash = n.hash)
     on conflict (message_key) do update
       set state = 'sending', claim = excluded.claim, lease_until = excluded.lease_until,
         attempts = m.attempts + 1, asked_at = coalesce(m.asked_at, now())
       where m.recipient_hash = excluded.recipient_hash
         and (m.state = 'deferred' or (m.state = 'failed' and $7)
           or (m.state = 'sending' and (m.lease_until <= now() or m.claim = excluded.claim)))
     returning message_key as key, message_id as id, asked_at as asked, asked_at < now() as again,
       provider_sid as sid, delivery, error_code as code`,
    [
      ordered.map(({ key }) => key),
      ordered.map(({ to }) => numberHash(to)),
      ordered.map(({ messageType }) => messageType),
      ordered.map(({ userId }) => userId ?? null),
      options.claim,
      options.leaseMs,
      options.retryFailed,
    ],
  );
  const answers = new Map<string, TextClaim>(
    rows.map(({ key, id, asked, again, sid, delivery, code }) => [
      key,
      {
        state: 'claimed',
        messageId: id,
        askedAt: again ? asked : undefined,
        told: sid === null ? undefined : { sid, status: delivery ?? 'queued', errorCode: code ?? undefined },
      },
    ]),
  );
  const others = ordered.filter(({ key }) => !answers.has(key));
  if (others.length > 0) await addOthers(database, others, answers);
  return answers;
}

interface ClaimedRow {
  readonly key: string;
  readonly id: string;
  readonly asked: Date;
  readonly again: boolean;
  readonly sid: string | null;
  readonly delivery: DeliveryStatus | null;
  readonly code: number | null;
}

interface LedgerRow {
  readonly key: string;
  readonly state: string;
  readonly hash: string;
  readonly sid: string | null;
  readonly encoding: TextFacts['encoding'] | null;
  readonly segments: number | null;
  readonly cost: string | null;
  readonly type: string | null;
  readonly message: string | null;
  readonly left: number | null;
}

async function addOthers(
  database: Database,
  others: readonly OutgoingText[],
  answers: Map<string, TextClaim>,
): Promise<void> {
  const { rows } = await database.query<LedgerRow>(
    `select message_key as key, state, recipient_hash as hash, provider_sid as sid, encoding, segments,
       cost::text as cost, failure_type as type, failure_message as message,
       (extract(epoch from lease_until - now()) * 1000)::double precision as left
     from text_messages where message_key = any($1::text[])`,
    [others.map(({ key }) => key)],
  );
  const { rows: out } = await database.query<{ hash: string }>(
    'select recipient_hash as hash from text_opt_outs where recipient_hash = any($1::text[])',
    [others.map(({ to }) => numberHash(to))],
  );
  const optedOut = new Set(out.map(({ hash }) => hash));
  const byKey = new Map(rows.map((row) => [row.key, row]));
  for (const { key, to } of others) answers.set(key, answerOf(byKey.get(key), numberHash(to), optedOut));
}

function answerOf(row: LedgerRow | undefined, hash: string, optedOut: ReadonlySet<string>): TextClaim {
  if (row !== undefined && row.hash !== hash) return { state: 'foreign' };
  if (row?.state === 'accepted') return { state: 'accepted', ...factsOf(row) };
  if (optedOut.has(hash)) return { state: 'opted-out' };
  if (row?.state === 'failed') return { state: 'failed', failure: recordedFailure(row.type, row.message) };
  // A row that was removed or returned between the two statements is the next claim's.
  return { state: 'busy', leftMs: Math.max(0, row?.left ?? 0) };
}

/** The columns are set with the state; the defaults please the compiler. */
function factsOf({ sid, encoding, segments, cost }: LedgerRow): TextFacts {
  return { sid: sid ?? '', encoding: encoding ?? 'gsm7', segments: segments ?? 1, cost: cost ?? '0' };
}

async function settle(database: Database, settlements: readonly TextSettlement[], claimId: string): Promise<void> {
  const ordered = settlements.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const accepted = ordered.map((one) => (one.state === 'accepted' ? one : undefined));
  const failures = ordered.map((one) => (one.state === 'failed' ? one.failure : undefined));
  await database.query(
    `update text_messages m
     set state = n.state, provider_sid = coalesce(m.provider_sid, n.sid), encoding = n.encoding, segments = n.segments,
       cost = n.cost, delivery = coalesce(m.delivery, n.delivery), error_code = coalesce(m.error_code, n.code),
       failure_type = n.type, failure_message = n.message,
       asked_at = case when n.state = 'accepted' or n.unsure then m.asked_at end,
       accepted_at = case when n.state = 'accepted' then now() end, claim = null, lease_until = null
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::numeric[], $7::text[], $8::integer[],
       $9::text[], $10::text[], $11::boolean[])
       as n (key, state, sid, encoding, segments, cost, delivery, code, type, message, unsure)
     where m.message_key = n.key and m.state <> 'accepted' and (n.state = 'accepted' or m.claim = $12)`,
    [
      ordered.map(({ key }) => key),
      ordered.map(({ state }) => state),
      accepted.map((one) => one?.sid ?? null),
      accepted.map((one) => one?.encoding ?? null),
      accepted.map((one) => one?.segments ?? null),
      accepted.map((one) => one?.cost ?? null),
      accepted.map((one) => one?.delivery ?? null),
      accepted.map((one) => one?.errorCode ?? null),
      failures.map((failure) => failure?.type ?? null),
      failures.map((failure) => failure?.message ?? null),
      ordered.map((one) => one.state !== 'accepted' && one.unsure),
      claimId,
    ],
  );
}

function recordedFailure(type: string | null, message: string | null): PerennialError {
  return new PerennialError(isFailureType(type) ? type : 'Unexpected', message ?? 'refused before');
}
