/** Keeps a claim alive while its messages are sent, so that another attempt does not send them too. */
import type { EmailLedger } from './ledger.ts';

/**
 * Time that a claim outlives its holder, in milliseconds. A dead worker is detected within 5 s, and the next attempt
 * waits for the rest of this time.
 */
export const LEASE_MS = 15_000;

const RENEW_EVERY_MS = 4_000;

/**
 * Last part of a lease in which no message is begun, in milliseconds, because it could still be in transit when another
 * attempt may begin it.
 */
const MARGIN_MS = 3_000;

/** A claim that is being renewed. */
export interface Lease {
  /** Returns false once the ledger was unreachable for so long that another attempt may take over. */
  valid(): boolean;
  end(): void;
}

/**
 * Renews the claim on some messages until it is stopped.
 * @param claimedAt - when the claim was requested, by `performance.now()`
 */
export function keepLease(ledger: EmailLedger, keys: readonly string[], claim: string, claimedAt: number): Lease {
  let until = claimedAt + LEASE_MS;
  const timer = setInterval(() => {
    const askedAt = performance.now();
    ledger.renew(keys, claim, LEASE_MS).then(
      () => {
        until = askedAt + LEASE_MS;
      },
      // A ledger that is away is noticed when the lease expires.
      () => undefined,
    );
  }, RENEW_EVERY_MS);
  return {
    valid: () => performance.now() < until - MARGIN_MS,
    end: () => {
      clearInterval(timer);
    },
  };
}
