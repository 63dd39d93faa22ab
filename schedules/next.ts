/** The times to come of a timing, as the server will see them, with changes of clocks marked. */
import type { Calendar } from './calendar.ts';
import { solarEventBetween } from './solar.ts';
import type { CompiledInterval, CompiledTiming } from './timing.ts';
import { instantsOf, localText, offsetOf, wallOf, wallText } from './zones.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../contracts/values/units.ts';

/** A leap day on a given day of the week comes every 28 years, over 2100 every 40. */
const LONGEST_WAIT_DAYS = 41 * 366;

/** The sun is never away for longer than half a year. */
const LONGEST_POLAR_DAYS = 200;

/**
 * A time to come, or one that the wall clock leaves out.
 *
 * @example
 * ```ts
 * const times = await perennial.schedules.preview({ cron: '30 2 * * *' }, 'Europe/Berlin', { count: 100 });
 * for (const { kind, local, note } of times) if (kind === 'gap') console.log(local, note);
 * ```
 */
export interface Occurrence {
  /** `gap`: no run, because this time does not exist on that day, or the sun stays away. */
  readonly kind: 'run' | 'gap';
  /** The instant, ISO in UTC; of a gap the instant at which the clock jumps. */
  readonly at: string;
  /** What the wall clock shows, with its offset. */
  readonly local: string;
  /** Said where the clock changes, in words. */
  readonly note?: string;
}

/** Which times are wanted. */
export interface ForecastOptions {
  /** Times after this one, in milliseconds. */
  readonly afterMs: number;
  /** Runs wanted; gaps come on top. */
  readonly count?: number;
  /** No times after this one, in milliseconds. */
  readonly untilMs?: number;
  /** Zone in which times are shown. @defaultValue the zone of the timing */
  readonly showIn?: string;
}

/** The times to come in order. Ends after `count` runs, behind `untilMs`, or when nothing comes any more. */
export function forecast(timing: CompiledTiming, options: ForecastOptions): readonly Occurrence[] {
  const { afterMs, count = Infinity, untilMs = Infinity } = options;
  const zone = options.showIn ?? timing.timeZone;
  const found: Occurrence[] = [];
  let runs = 0;
  let lastMs = afterMs;
  for (const moment of timing.solar === undefined
    ? moments(timing, afterMs, untilMs)
    : sunny(timing, afterMs, untilMs)) {
    if (runs >= count || moment.atMs > untilMs) break;
    found.push(shown(moment, lastMs, zone));
    if (moment.kind === 'run') {
      runs += 1;
      lastMs = moment.atMs;
    }
  }
  return found;
}

/** Runs only, in milliseconds: what an audit compares with what was started. */
export function dueTimes(timing: CompiledTiming, afterMs: number, untilMs: number): readonly number[] {
  const due: number[] = [];
  for (const { kind, atMs } of moments(timing, afterMs, untilMs)) {
    if (atMs > untilMs) break;
    if (kind === 'run') due.push(atMs);
  }
  return due;
}

interface Moment {
  readonly kind: 'run' | 'gap';
  readonly atMs: number;
  readonly note?: string;
  /** What the clock would have shown, for a gap. */
  readonly wallMs?: number;
}

function shown({ kind, atMs, note, wallMs }: Moment, lastMs: number, zone: string): Occurrence {
  const changed = offsetOf(atMs, zone) !== offsetOf(lastMs, zone);
  const words = note ?? (changed && kind === 'run' ? 'first run after a change of clocks' : undefined);
  return {
    kind,
    at: new Date(atMs).toISOString(),
    local: wallMs === undefined ? localText(atMs, zone) : wallText(wallMs),
    ...(words === undefined ? {} : { note: words }),
  };
}

/** Merges calendars and intervals; two that meet at one instant are one run. */
function* moments(timing: CompiledTiming, afterMs: number, untilMs: number): Generator<Moment> {
  const sources = [
    ...timing.calendars.map((calendar) => calendarMoments(calendar, timing.timeZone, afterMs, untilMs)),
    ...timing.intervals.map((interval) => intervalMoments(interval, afterMs)),
  ].map((source) => ({ source, next: source.next() }));
  let last: Moment | undefined;
  for (;;) {
    const first = sources
      .filter(({ next }) => next.done !== true)
      .reduce<(typeof sources)[number] | undefined>(
        (least, it) => (least && at(least) <= at(it) ? least : it),
        undefined,
      );
    if (first === undefined || first.next.done === true) return;
    const moment = first.next.value;
    first.next = first.source.next();
    if (last?.atMs !== moment.atMs || last.wallMs !== moment.wallMs) yield moment;
    last = moment;
  }
}

function at({ next }: { next: IteratorResult<Moment, void> }): number {
  return next.done === true ? Infinity : next.value.atMs;
}

function* intervalMoments({ seconds, offsetSeconds }: CompiledInterval, afterMs: number): Generator<Moment, void> {
  const stepMs = seconds * 1000;
  const shiftMs = offsetSeconds * 1000;
  for (let atMs = (Math.floor((afterMs - shiftMs) / stepMs) + 1) * stepMs + shiftMs; ; atMs += stepMs)
    yield { kind: 'run', atMs };
}

function* calendarMoments(calendar: Calendar, zone: string, afterMs: number, untilMs: number): Generator<Moment, void> {
  const firstDay = Math.floor(wallOf(afterMs, zone) / DAY_MS) * DAY_MS;
  for (let day = 0; day < LONGEST_WAIT_DAYS; day += 1) {
    const dayMs = firstDay + day * DAY_MS;
    if (dayMs - 2 * DAY_MS > untilMs) return;
    if (matchesDay(calendar, new Date(dayMs))) yield* momentsOfDay(calendar, zone, dayMs, afterMs);
  }
}

function matchesDay(calendar: Calendar, day: Date): boolean {
  return (
    calendar.months.includes(day.getUTCMonth() + 1) &&
    calendar.daysOfMonth.includes(day.getUTCDate()) &&
    calendar.daysOfWeek.includes(day.getUTCDay())
  );
}

function* momentsOfDay(calendar: Calendar, zone: string, dayMs: number, afterMs: number): Generator<Moment, void> {
  const walls = calendar.hours.flatMap((hour) =>
    calendar.minutes.map((minute) => dayMs + hour * HOUR_MS + minute * MINUTE_MS),
  );
  const all = walls.flatMap(wallReader(zone, dayMs)).sort((a, b) => a.atMs - b.atMs);
  // A schedule of every hour goes on over the gap, there is nothing to tell.
  const hourly = calendar.hours.length === 24;
  for (const moment of all) if (moment.atMs > afterMs && !(hourly && moment.kind === 'gap')) yield moment;
}

/** On days without a change of clocks one offset serves all times. */
function wallReader(zone: string, dayMs: number): (wallMs: number) => readonly Moment[] {
  const offset = offsetOf(dayMs - DAY_MS, zone);
  if (offset !== offsetOf(dayMs + 2 * DAY_MS, zone)) return (wallMs) => momentsOfWall(wallMs, zone);
  return (wallMs) => [{ kind: 'run', atMs: wallMs - offset }];
}

function momentsOfWall(wallMs: number, zone: string): readonly Moment[] {
  const instants = instantsOf(wallMs, zone);
  if (instants.length === 1) return instants.map((atMs) => ({ kind: 'run', atMs }));
  if (instants.length === 0) {
    const note = 'no run: the clock jumps over this time';
    return [{ kind: 'gap', atMs: jumpBefore(wallMs, zone), wallMs, note }];
  }
  return instants.map((atMs, index) => ({
    kind: 'run',
    atMs,
    note: index === 0 ? 'the hour comes twice: first run' : 'the hour comes twice: second run',
  }));
}

/** The instant at which the clock jumps over a time that does not exist. */
function jumpBefore(wallMs: number, zone: string): number {
  let before = wallMs - DAY_MS - offsetOf(wallMs - DAY_MS, zone);
  let after = before + 2 * DAY_MS;
  const offset = offsetOf(before, zone);
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (offsetOf(middle, zone) === offset) before = middle;
    else after = middle;
  }
  return after;
}

/** Day by day of the place, the event or a gap that tells how long the sun stays away. */
function* sunny(timing: CompiledTiming, afterMs: number, untilMs: number): Generator<Moment> {
  if (timing.solar === undefined) return;
  let away: number | undefined;
  let awayDays = 0;
  for (const { atMs: from } of moments(timing, afterMs - 2 * DAY_MS, untilMs)) {
    const atMs = solarEventBetween(timing.solar, from, from + DAY_MS);
    if (atMs === undefined) {
      away ??= from;
      awayDays += 1;
      if (awayDays > LONGEST_POLAR_DAYS) return;
    } else if (atMs > afterMs) {
      if (away !== undefined && away + DAY_MS > afterMs)
        yield { kind: 'gap', atMs: away, note: `no ${timing.solar.event} for ${awayDays} days: polar day or night` };
      away = undefined;
      awayDays = 0;
      yield { kind: 'run', atMs };
    }
  }
}
