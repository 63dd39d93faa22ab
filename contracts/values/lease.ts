/** Keeps a claim alive while its holder works, so that nobody else does the same work. */

/**
 * Time that a claim outlives its holder, in milliseconds. A dead worker is detected within 5 s, and the next attempt
 * waits for the rest of this time.
 */
export const LEASE_MS = 15_000;

const RENEW_EVERY_MS = 4_000;

/**
 * Last part of a lease in which nothing is begun, in milliseconds, because it could still be under way when another
 * attempt may begin it.
 */
const MARGIN_MS = 3_000;

/** A claim that is being renewed. */
export interface Lease {
  /** Returns false once the claim could not be renewed for so long that another attempt may take over. */
  valid(): boolean;
  end(): void;
}

/**
 * Renews a claim until it is stopped.
 * @param renew - extends the claim by a time in milliseconds; what it throws is noticed when the lease expires
 * @param claimedAt - when the claim was requested, by `performance.now()`
 * @param lost - is called once, when the lease is no longer valid @defaultValue nobody is told
 */
export function keepLease(renew: (leaseMs: number) => Promise<void>, claimedAt: number, lost?: () => void): Lease {
  let until = claimedAt + LEASE_MS;
  let told = false;
  const valid = (): boolean => performance.now() < until - MARGIN_MS;
  const timer = setInterval(() => {
    const askedAt = performance.now();
    if (!told && !valid()) {
      told = true;
      lost?.();
    }
    renew(LEASE_MS).then(
      () => {
        until = askedAt + LEASE_MS;
      },
      () => undefined,
    );
  }, RENEW_EVERY_MS);
  return {
    valid,
    end: () => {
      clearInterval(timer);
    },
  };
}
