/** The interface of breakers. */
import type { BreakerEvent, BreakerView } from '../../contracts/breakers/view.ts';

export type { BreakerEvent, BreakerRecords, BreakerState, BreakerView } from '../../contracts/breakers/view.ts';

/**
 * Reason and author of a change.
 *
 * @example
 * ```ts
 * import type { BreakerChange } from './client/index.ts';
 *
 * const change: BreakerChange = { reason: 'the mail server moves', by: 'ada' };
 * await perennial.breakers.open('smtp:mail.example.com', change);
 * ```
 */
export interface BreakerChange {
  readonly reason: string;
  /** Author. @defaultValue the identity of the connection */
  readonly by?: string | undefined;
}

/**
 * Reads and sets the breakers of providers. They stand in the database of the workers, so the client needs
 * `breakerRecords`. Every change is kept with its author, reason and time.
 *
 * @example
 * ```ts
 * for (const { key, state, parked, nextProbeAt } of await perennial.breakers.list())
 *   console.log(key, state, parked, nextProbeAt);
 * await perennial.breakers.close('smtp:mail.example.com', { reason: 'the server is back' });
 * ```
 */
export interface BreakerControls {
  /**
   * Lists every provider that has ever failed; those that calls wait for come first.
   * @throws InvalidInput the client was connected without `breakerRecords`, as for the others
   */
  list(): Promise<readonly BreakerView[]>;
  /** Returns one breaker with its last changes. @throws PerennialError `UnknownBreaker` */
  get(key: string): Promise<BreakerView & { readonly changes: readonly BreakerEvent[] }>;
  /**
   * Lets all calls with the key wait; those that are parked ask again and wait for the new time.
   * @param change - with `forMs`, one call probes the provider after that time; without, nobody does until it is closed
   */
  open(key: string, change: BreakerChange & { readonly forMs?: number | undefined }): Promise<BreakerView>;
  /**
   * Lets calls pass again, and forgets failures and a wish of the provider to wait. Workers wake the parked calls, which go on within seconds.
   * @throws PerennialError `UnknownBreaker`
   */
  close(key: string, change: BreakerChange): Promise<BreakerView>;
}
