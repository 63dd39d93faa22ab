/**
 * Determines how many calls a run has in progress. Short calls that queue on the server cost an extra write each and
 * gain nothing; long calls must be numerous enough for many workers.
 */

/** Lower bound, which hides the latency of the server. */
const FEWEST = 100;
/** Calls that may end in a millisecond: 300 a second, about half of what one server handles. */
const ENDS_A_MS = 0.3;
/** Weight of the newest call in the moving average. */
const NEWEST = 0.1;

/** Adapts to the duration of calls. It is deterministic, because workflow time replays. */
export interface Pace {
  /** Returns how many calls may be in progress now. */
  limit(): number;
  /** Records a call that ended after so many milliseconds, including the wait for a worker. */
  took(ms: number): void;
}

/** Creates a pace that starts at the lower bound and never allows more than `most`. */
export function createPace(most: number): Pace {
  let mean = 0;
  return {
    limit: () => Math.min(most, Math.max(FEWEST, Math.round(mean * ENDS_A_MS))),
    took: (ms) => {
      mean += (ms - mean) * NEWEST;
    },
  };
}
