/** Limits whose rates the configuration changes. */
import type { Rate } from '../../contracts/queues/rates.ts';
import type { LimitStore } from './port.ts';

/** What the configuration says of rates. */
export interface RateSettings {
  /** Rates in place of those of the callers, by key. */
  readonly rates: Readonly<Record<string, Rate>>;
  /** Whether calls start at once, whatever their rate. */
  readonly disableRateLimits: boolean;
}

/** Applies the settings of rates to a store; numbers of calls at once stay as they are. */
export function withRates(store: LimitStore, { rates, disableRateLimits }: RateSettings): LimitStore {
  return {
    ...store,
    reserve: (key, rate) => (disableRateLimits ? Promise.resolve(0) : store.reserve(key, rates[key] ?? rate)),
  };
}
