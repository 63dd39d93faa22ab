/** The hour of the day at which a user is reached best, from what the user did before. */

/** Least events that say something about a day. */
const ENOUGH = 5;

/** Share of an hour that each of its neighbours counts: people are not punctual. */
const NEARBY = 0.5;

/**
 * Returns the hour with the most engagement in it and around it, the earliest of several; `null` while too little is
 * known.
 * @param byHour - events in each of the 24 hours of a day
 */
export function bestHour(byHour: readonly number[]): number | null {
  if (byHour.reduce((sum, count) => sum + count, 0) < ENOUGH) return null;
  const at = (hour: number): number => byHour[(hour + 24) % 24] ?? 0;
  const weights = byHour.map((count, hour) => count + NEARBY * (at(hour - 1) + at(hour + 1)));
  return weights.indexOf(Math.max(...weights));
}
