/** The runs of a timing and the times that the wall clock skips, in order. */
import { type Calendar, hasDay, hasTime } from './calendar.ts';
import { nextOnceADay } from './once-a-day.ts';
import { nextServerTime } from './server-times.ts';
import type { CompiledInterval, CompiledTiming } from './timing.ts';
import { changesNear, instantsOf, jumpOver, wallOf } from './zones.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../contracts/values/units.ts';

/** A run, or a gap: a time that does not exist. */
export interface Moment {
  readonly kind: 'run' | 'gap';
  readonly atMs: number;
  readonly note?: string | undefined;
  /** The wall clock time that a gap skips. */
  readonly wallMs?: number;
}

/** Yields the moments after one instant and up to another, both in milliseconds, within the window of the timing. */
export function* moments(timing: CompiledTiming, fromMs: number, toMs: number): Generator<Moment, void> {
  const afterMs = Math.max(fromMs, timing.startMs - 1);
  const untilMs = Math.min(toMs, timing.endMs);
  for (let lastMs = afterMs; ;) {
    const nextMs = nextRun(timing, lastMs);
    if (nextMs === undefined) return;
    if (!timing.onceADay) yield* gaps(timing, lastMs, Math.min(nextMs, untilMs));
    if (nextMs > untilMs) return;
    yield { kind: 'run', atMs: nextMs, note: noteOf(timing, nextMs) };
    lastMs = nextMs;
  }
}

/** Returns the first time of all calendars, intervals and instants; two at the same instant are one run. */
function nextRun(
  { calendars, intervals, instants, timeZone, onceADay }: CompiledTiming,
  afterMs: number,
): number | undefined {
  const next = onceADay ? nextOnceADay : nextServerTime;
  const coming = [
    ...calendars.map((calendar) => next(calendar, timeZone, afterMs)),
    ...intervals.map((interval) => nextOfInterval(interval, afterMs)),
    ...instants.filter((atMs) => atMs > afterMs),
  ].filter((atMs) => atMs !== undefined);
  return coming.length === 0 ? undefined : Math.min(...coming);
}

function nextOfInterval({ seconds, offsetSeconds }: CompiledInterval, afterMs: number): number {
  const stepMs = seconds * SECOND_MS;
  const shiftMs = offsetSeconds * SECOND_MS;
  return (Math.floor((afterMs - shiftMs) / stepMs) + 1) * stepMs + shiftMs;
}

/** Describes how a run differs from its calendar beside a change of clocks. */
function noteOf({ calendars, timeZone, onceADay }: CompiledTiming, atMs: number): string | undefined {
  if (calendars.length === 0 || !changesNear(atMs, timeZone)) return undefined;
  const wallMs = wallOf(atMs, timeZone);
  if (!calendars.some((calendar) => hasTime(calendar, wallMs)))
    return onceADay
      ? 'the clock jumps over the time of the schedule: run at the next time that exists'
      : 'no time of the schedule: the server adds it where the clock changes';
  const passings = instantsOf(wallMs, timeZone);
  if (passings.length < 2) return undefined;
  return passings[0] === atMs ? 'the hour comes twice: first time' : 'the hour comes twice: second time';
}

/** Yields the times of the calendars that the wall clock skips between two instants. */
function* gaps({ calendars, timeZone }: CompiledTiming, fromMs: number, toMs: number): Generator<Moment, void> {
  // A schedule that runs in every hour continues after the gap, so no gap is reported.
  const daily = calendars.filter(({ hours }) => hours.length < 24);
  if (daily.length === 0) return;
  const lastDayMs = wallOf(toMs, timeZone) + DAY_MS;
  for (let dayMs = startOfDay(wallOf(fromMs, timeZone)) - DAY_MS; dayMs <= lastDayMs; dayMs += DAY_MS) {
    if (!daily.some((calendar) => hasDay(calendar, dayMs)) || !changesNear(dayMs + DAY_MS / 2, timeZone)) continue;
    for (const wallMs of missingTimes(daily, dayMs, timeZone)) {
      const atMs = jumpOver(wallMs, timeZone);
      if (atMs > fromMs && atMs <= toMs)
        yield { kind: 'gap', atMs, wallMs, note: 'no run: the clock jumps over this time' };
    }
  }
}

function missingTimes(calendars: readonly Calendar[], dayMs: number, zone: string): readonly number[] {
  const walls = calendars
    .filter((calendar) => hasDay(calendar, dayMs))
    .flatMap(({ hours, minutes }) =>
      hours.flatMap((hour) => minutes.map((minute) => dayMs + hour * HOUR_MS + minute * MINUTE_MS)),
    );
  return [...new Set(walls)].sort((a, b) => a - b).filter((wallMs) => instantsOf(wallMs, zone).length === 0);
}

function startOfDay(wallMs: number): number {
  return Math.floor(wallMs / DAY_MS) * DAY_MS;
}
