/** Measures two sides in turns, so that a slow minute of the machine affects both. */

/** Returns the median; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  if (low === undefined || high === undefined) throw new TypeError('expected at least one measured value, got none');
  return (low + high) / 2;
}

/** Returns the mean; 0 of none. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns the duration of `work` in seconds. */
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

/** Measures the peer and Perennial in turns; each function returns its own seconds. */
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

/** Formats the seconds of all rounds, which shows their spread. */
export function describeLaps({ peer, ours }: Laps): string {
  const list = (seconds: readonly number[]): string => seconds.map((lap) => lap.toFixed(1)).join(', ');
  return `Seconds of each round: peer ${list(peer)}; ours ${list(ours)}.`;
}
