/** Keeps a claim alive while its messages are sent, so that another attempt does not send them too. */
import type { EmailLedger } from './ledger.ts';

/**
 * How long a claim outlives its holder, in milliseconds. A dead worker is
 * noticed within 5 s; whoever takes over waits for the rest of this.
 */
export const LEASE_MS = 15_000;

const RENEW_EVERY_MS = 4_000;

/** No message is begun in the last part of a lease: it would still be under way when somebody else may begin it. */
const MARGIN_MS = 3_000;

/** A claim that is kept alive. */
export interface Lease {
  /** False when the ledger could not be reached for so long that others may take over. */
  valid(): boolean;
  end(): void;
}

/**
 * Keeps the claim on some messages alive.
 *
 * @param claimedAt - when the claim was asked for, by `performance.now()`
 */
export function keepLease(ledger: EmailLedger, keys: readonly string[], claim: string, claimedAt: number): Lease {
  let until = claimedAt + LEASE_MS;
  const timer = setInterval(() => {
    const askedAt = performance.now();
    ledger.renew(keys, claim, LEASE_MS).then(
      () => {
        until = askedAt + LEASE_MS;
      },
      // A ledger that is away shows by the lease running out.
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
