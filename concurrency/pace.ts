/**
 * The number of calls that a run has under way. Short calls that queue in the
 * server cost one more write each and gain nothing; of long calls there must be
 * enough for many workers.
 */

/** The lower bound: enough to hide the round trip to the server. */
const FEWEST = 100;
/** Calls that may end in a millisecond: 300 a second, about half of what one server does. */
const ENDS_A_MS = 0.3;
/** Weight of the newest call in the moving average. */
const NEWEST = 0.1;

/** Learns from how long calls take. Deterministic, because workflow time replays. */
export interface Pace {
  /** Calls that may be under way now. */
  limit(): number;
  /** A call has ended after so many milliseconds, waiting for a worker included. */
  took(ms: number): void;
}

/** Starts with the fewest; never allows more than `most`. */
export function createPace(most: number): Pace {
  let mean = 0;
  return {
    limit: () => Math.min(most, Math.max(FEWEST, Math.round(mean * ENDS_A_MS))),
    took: (ms) => {
      mean += (ms - mean) * NEWEST;
    },
  };
}
