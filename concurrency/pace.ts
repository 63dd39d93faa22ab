/**
 * How many calls of a run may be under way. Short calls that queue in the server
 * cost it a write more each, and gain nothing; of long ones there must be enough
 * for many workers.
 */

/** Under way in any case: enough for a server to answer while the next are on their way. */
const FEWEST = 100;
/** More, where calls take so long that fewer would end in a millisecond: 300 a second, about half of what one server does. */
const ENDS_A_MS = 0.3;
/** How much the newest call counts beside those before it. */
const NEWEST = 0.1;

/** Learns from how long calls take. Deterministic: what a run measures, its replay measures too. */
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
