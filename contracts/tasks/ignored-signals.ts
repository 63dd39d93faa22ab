/** Where a run keeps what it was told in a form that it does not know. */

/** The field of the memo. */
export const IGNORED_SIGNALS = 'ignoredSignals';

/** Entries that are kept, the latest. */
export const MOST_IGNORED_SIGNALS = 10;

/** One signal that was ignored. */
export interface IgnoredSignal {
  readonly signal: string;
  readonly why: string;
  /** ISO time. */
  readonly at: string;
}
