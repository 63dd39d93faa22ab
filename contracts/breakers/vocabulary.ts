/**
 * The vocabulary of breakers: what a task says of its provider, and how a call that must wait for the provider is parked.
 */
import { MINUTE_MS, SECOND_MS } from '../values/units.ts';

/** The provider of a task, such as a mail server, and when calls to it stop. All calls with the same key share one breaker. */
export interface BreakerRule {
  /**
   * Key of the provider: a name, for example `smtp`, or what a function makes of the input, for example {@link hostKey} of an
   * address. It is stored and shown, so it must not be a secret. The function runs in workers, before the input is checked;
   * a call for which it returns `undefined` or throws has no breaker.
   */
  readonly key: string | ((input: unknown) => string | undefined);
  /** Failures in a row, each within `forMs` of the one before, that open the breaker. @defaultValue 5 */
  readonly opensAfter?: number;
  /** Time from the last failure until one call probes the provider, in milliseconds. @defaultValue 300,000 */
  readonly forMs?: number;
  /**
   * Types of failures that count against the provider.
   * @defaultValue every transient or throttled one, except those of the product's own database and stores
   */
  readonly counts?: readonly string[];
}

/** Default of {@link BreakerRule.opensAfter}. */
export const OPENS_AFTER = 5;

/** Default of {@link BreakerRule.forMs}, in milliseconds. */
export const OPEN_FOR_MS = 5 * MINUTE_MS;

/** Longest key, in characters; what is longer is cut. */
export const MAX_BREAKER_KEY = 200;

/** Type of the failure with which the shell parks a call. */
export const PARKED = 'ProviderPaused';

/** What the failure of a parked call tells its workflow. */
export interface ParkedCall {
  readonly key: string;
  /** Time until the call may be made again, in milliseconds. */
  readonly waitMs: number;
  /** Attempts that were really made. */
  readonly attemptsBefore: number;
  /** Details of the last heartbeat of those attempts. */
  readonly lastHeartbeat?: unknown;
}

/** Reads the details of a failure; `undefined` when they are not those of a parked call. */
export function parkedCall(details: readonly unknown[] | null | undefined): ParkedCall | undefined {
  const [first] = details ?? [];
  if (typeof first !== 'object' || first === null) return undefined;
  const { key, waitMs, attemptsBefore } = first as { [K in keyof ParkedCall]: unknown }; // each field is checked below
  const fits = typeof key === 'string' && typeof waitMs === 'number' && typeof attemptsBefore === 'number';
  return fits ? (first as ParkedCall) : undefined; // its fields were checked
}

/** The signal that tells a run that a breaker was set by hand: its calls ask again. */
export const breakerSignals = { set: 'breakerSet' } as const;

const LEAST_SPREAD_MS = SECOND_MS;

/** Longest time over which parked calls go on, in milliseconds. */
export const MOST_SPREAD_MS = MINUTE_MS;

/** Time between two parked calls that go on while there are few, in milliseconds. */
export const SPREAD_MS_EACH = 50;

/** Returns the time over which parked calls go on, in milliseconds, so that they do not meet the provider all at once. */
export function spreadMs(parked: number): number {
  return Math.min(MOST_SPREAD_MS, LEAST_SPREAD_MS + parked * SPREAD_MS_EACH);
}

/** Returns the host and port of an address as a key; `undefined` when it is no address. */
export function hostKey(address: unknown): string | undefined {
  return typeof address === 'string' && URL.canParse(address) ? new URL(address).host || undefined : undefined;
}
