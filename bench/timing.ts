/** Measuring two sides in turns, so that a slow minute of the machine hits both. */

/** The value in the middle; the mean of the two in the middle when there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  if (low === undefined || high === undefined) throw new TypeError('expected at least one measured value, got none');
  return (low + high) / 2;
}

/** The mean; 0 of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Seconds that some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** Seconds of each round, in order. */
export interface Laps {
  readonly peer: readonly number[];
  readonly ours: readonly number[];
}

/** Measures peer, ours, peer, ours, …; each side tells its own seconds. */
export async function alternate(
  rounds: number,
  peer: (round: number) => Promise<number>,
  ours: (round: number) => Promise<number>,
): Promise<Laps> {
  const laps = { peer: [] as number[], ours: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    laps.peer.push(await peer(round));
    laps.ours.push(await ours(round));
  }
  return laps;
}

/** The seconds of all rounds, for the reader who wants to see how far they lie apart. */
export function describeLaps({ peer, ours }: Laps): string {
  const list = (seconds: readonly number[]): string => seconds.map((lap) => lap.toFixed(1)).join(', ');
  return `Seconds of each round: peer ${list(peer)}; ours ${list(ours)}.`;
}
