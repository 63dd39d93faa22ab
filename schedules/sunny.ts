/** The times of a solar schedule: the event of each day, or a gap while it does not occur. */
import type { SolarTiming } from '../contracts/schedules/vocabulary.ts';
import type { Moment } from './moments.ts';
import { solarDay, solarEventBetween } from './solar.ts';
import { DAY_MS } from '../contracts/values/units.ts';

/** At a pole the sun rises once a year, so an event that is absent for longer never occurs there. */
const LONGEST_POLAR_DAYS = 400;

/** Yields the moments after one instant and up to another, by the days of the place. */
export function* sunny(solar: SolarTiming, afterMs: number, untilMs: number): Generator<Moment, void> {
  let lastMs = afterMs;
  while (lastMs < untilMs) {
    const { atMs, awayMs } = search(solar, lastMs, untilMs);
    if (awayMs !== undefined) yield { kind: 'gap', atMs: awayMs, note: `no ${solar.event} ${until(atMs, untilMs)}` };
    if (atMs === undefined || atMs > untilMs) return;
    yield { kind: 'run', atMs };
    lastMs = atMs;
  }
}

interface Found {
  readonly atMs: number | undefined;
  /** Start of the absence of the event, when it was absent for a day. */
  readonly awayMs: number | undefined;
}

function search(solar: SolarTiming, afterMs: number, untilMs: number): Found {
  const endMs = Math.min(untilMs, afterMs + LONGEST_POLAR_DAYS * DAY_MS);
  let awayMs: number | undefined;
  for (let fromMs = solarDay(solar, afterMs); fromMs <= endMs; fromMs += DAY_MS) {
    const atMs = solarEventBetween(solar, fromMs, fromMs + DAY_MS);
    if (atMs !== undefined && atMs > afterMs) return { atMs, awayMs };
    if (atMs === undefined) awayMs ??= Math.max(fromMs, afterMs);
  }
  return { atMs: undefined, awayMs };
}

function until(atMs: number | undefined, untilMs: number): string {
  if (atMs !== undefined) return `until ${dateOf(atMs)}: polar day or night`;
  if (untilMs === Infinity) return 'within a year: it does not come at this place';
  return `until after ${dateOf(untilMs)}: polar day or night`;
}

function dateOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
