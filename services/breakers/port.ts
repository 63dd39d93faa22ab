/** The port of breakers: one for each provider, shared by all workers. */

/** One call of a provider on its way out. */
export interface ProviderCall {
  readonly key: string;
  /** Id of the task. */
  readonly holder: string;
  readonly workflowId: string;
  /** Calls that wait with it, itself included; `undefined` when it has not been parked before. */
  readonly parked: number | undefined;
  /** Time that a call waits whose breaker an operator keeps open, in milliseconds. */
  readonly forMs: number;
}

/**
 * Whether a call may be made.
 *
 * - `go`: the provider answers as far as is known
 * - `probe`: the call shows whether the provider answers again; what becomes of it must be told with this mark
 * - `wait`: the call must not be made; it may ask again after a time in milliseconds
 */
export type BreakerAnswer =
  | { readonly kind: 'go' }
  | { readonly kind: 'probe'; readonly probe: string }
  | { readonly kind: 'wait'; readonly waitMs: number; readonly reason: string };

/** A failure that counts against a provider. */
export interface ProviderFailure {
  readonly key: string;
  /** Type of the registry. */
  readonly type: string;
  readonly opensAfter: number;
  readonly forMs: number;
  /** Time for which the provider asked its callers to wait, in milliseconds. */
  readonly throttledMs: number | undefined;
  /** Mark of the probe that failed. */
  readonly probe: string | undefined;
}

/** The breakers as workers use them. Each method is one atomic transition. */
export interface BreakerStore {
  ask(call: ProviderCall): Promise<BreakerAnswer>;
  /** Extends the lease of a probe that goes on; without it another call probes after {@link PROBE_LEASE_MS}. */
  renew(key: string, probe: string): Promise<void>;
  /** Notes a success, which sets the failures to 0. The one of a probe closes the breaker. */
  succeeded(key: string, probe: string | undefined): Promise<void>;
  failed(failure: ProviderFailure): Promise<void>;
  /** Ends a probe that has shown nothing, such as a cancelled one: the next call probes. */
  undecided(key: string, probe: string): Promise<void>;
}

/** A run that is to ask its breaker again, because somebody has set it. */
export interface ParkedRun {
  readonly key: string;
  readonly workflowId: string;
  /** Until when nobody else is given it. */
  readonly lease: string;
}

/** The runs that wait for a breaker that somebody has set. */
export interface ParkedRuns {
  /** Takes those whose turn has come, each for ten seconds: a process that dies leaves them to the next one that asks. */
  due(): Promise<readonly ParkedRun[]>;
  /** Notes that a run was told. */
  woken(run: ParkedRun): Promise<void>;
}

/** Time in milliseconds after which a probe without a sign of life counts as dead. */
export const PROBE_LEASE_MS = 15_000;
