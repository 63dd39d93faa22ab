/** What the ledgers of mail and of text messages have in common: leases, hashes of recipients, and keys. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PerennialError } from '../../contracts/failures.ts';
import type { Database } from '../database/pool.ts';

/** Tables in which messages are claimed before they are sent. */
type LedgerTable = 'email_messages' | 'text_messages';

/** Extends the leases of a claim. */
export async function renewLeases(
  database: Database,
  table: LedgerTable,
  keys: readonly string[],
  claim: string,
  leaseMs: number,
): Promise<void> {
  await database.query(
    `update ${table} set lease_until = now() + $3::double precision * interval '1 millisecond'
     where message_key = any($1::text[]) and claim = $2 and state = 'sending'`,
    [keys, claim, leaseMs],
  );
}

/** Hashes a recipient, written in the one way that its ledger has. */
export function hashOf(recipient: string): string {
  return createHash('sha256').update(recipient).digest('hex');
}

/** The failure of a message whose key belongs to another recipient. */
export function keyReused(): PerennialError {
  return new PerennialError(
    'MessageKeyReused',
    'messageKey: expected a key that only this message has, got one under which another recipient was written to',
  );
}

/**
 * Pauses between looks at messages that another attempt holds, in milliseconds, because the holder may finish before its
 * lease ends.
 */
const LOOK_AGAIN_MS = { least: 100, most: 1_000 } as const;

/**
 * Waits until messages that another attempt holds are worth another look.
 *
 * @param leftMs - time until the last of their leases ends
 */
export async function waitForHolder(leftMs: number, signal: AbortSignal): Promise<void> {
  const { least, most } = LOOK_AGAIN_MS;
  await sleep(Math.min(Math.max(least, leftMs), most), undefined, { signal });
}
