/** Compiles the forms of a timing for the server and for our own forecasts. */
import type { Recurrence, SolarTiming, Timing } from '../contracts/schedules/vocabulary.ts';
import { hasOffset, instantOf } from '../contracts/values/instant.ts';
import { DAY_MS, SECOND_MS } from '../contracts/values/units.ts';
import { ALL, type Calendar } from './calendar.ts';
import { celeryCalendar, cronCalendars } from './crontab.ts';
import { InvalidTiming } from './invalid-timing.ts';
import { solarDay, solarDayStart, solarEventBetween } from './solar.ts';
import { isTimeZone, timeZoneExpected } from '../contracts/values/time-zone.ts';

/** An interval and its shift, in whole seconds since 1970. */
export interface CompiledInterval {
  readonly seconds: number;
  readonly offsetSeconds: number;
}

/** The first and the last instant that count, both included, in milliseconds. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

/** The union of calendars, intervals and single instants, within a window. */
export interface CompiledTiming extends Window {
  readonly calendars: readonly Calendar[];
  readonly intervals: readonly CompiledInterval[];
  /** In whole seconds, as milliseconds. */
  readonly instants: readonly number[];
  readonly timeZone: string;
  /** True when a repeated time runs once and a missing one at the next existing time. */
  readonly onceADay: boolean;
  /** Set for a solar timing, whose calendar starts a workflow that waits for the event; the window is that of the event. */
  readonly solar?: SolarTiming & Window;
}

const ALWAYS: Window = { startMs: -Infinity, endMs: Infinity };

/**
 * Compiles a timing. Celery's `timedelta` counts from the start of beat, and anew after each restart. An interval here
 * counts from 1970 in UTC, so every five minutes means :00, :05, :10 whenever the server was started.
 * @throws InvalidTiming naming the field, what was expected and what it got
 */
export function compileTiming(timing: Timing, timeZone = 'UTC', onceADay = false): CompiledTiming {
  if (!isTimeZone(timeZone)) throw new InvalidTiming('timeZone', timeZoneExpected(timeZone), timeZone);
  const compiled = { ...timesOf(timing, timeZone), ...ALWAYS, timeZone, onceADay };
  if ('solar' in timing && !onceADay) return { ...compiled, timeZone: 'UTC', solar: { ...timing.solar, ...ALWAYS } };
  if (onceADay && !hasOneTimeOfDay(compiled.calendars, timing))
    throw new InvalidTiming('onceADay', 'a cron line or crontab with one hour and one minute', describeTiming(timing));
  return compiled;
}

/**
 * Compiles a timing with its window. The server counts in whole seconds, so a start is rounded up and an end down.
 * @throws InvalidTiming
 */
export function compileRecurrence({ timing, timeZone, onceADay, start, end, oneOff }: Recurrence): CompiledTiming {
  const compiled = compileTiming(timing, timeZone, onceADay);
  if (oneOff === true && 'solar' in timing)
    throw new InvalidTiming('oneOff', 'a timing without the sun; for one event, give its time as at', true);
  const startMs = start === undefined ? -Infinity : upToSecond(instantOf(start));
  const endMs = end === undefined ? Infinity : Math.floor(instantOf(end) / SECOND_MS) * SECOND_MS;
  if (startMs > endMs)
    throw new InvalidTiming('end', `a time not before the start, ${new Date(startMs).toISOString()}`, end);
  if (compiled.solar === undefined) return { ...compiled, startMs, endMs };
  return { ...compiled, solar: { ...compiled.solar, startMs, endMs }, ...firings(compiled.solar, { startMs, endMs }) };
}

function upToSecond(ms: number): number {
  return Math.ceil(ms / SECOND_MS) * SECOND_MS;
}

/** Returns the window of the days of a place whose events lie in a window. */
function firings(solar: SolarTiming, { startMs, endMs }: Window): Window {
  const eventOf = (dayMs: number): number | undefined => solarEventBetween(solar, dayMs, dayMs + DAY_MS);
  const first = startMs === -Infinity ? startMs : solarDay(solar, startMs);
  const last = endMs === Infinity ? endMs : solarDay(solar, endMs);
  return {
    startMs: Number.isFinite(first) && (eventOf(first) ?? startMs) < startMs ? first + DAY_MS : first,
    endMs: Number.isFinite(last) && (eventOf(last) ?? Infinity) > endMs ? last - SECOND_MS : last,
  };
}

function timesOf(timing: Timing, timeZone: string): Pick<CompiledTiming, 'calendars' | 'intervals' | 'instants'> {
  const none = { calendars: [], intervals: [], instants: [] };
  if ('cron' in timing) return { ...none, calendars: cronCalendars(timing.cron) };
  if ('crontab' in timing) return { ...none, calendars: [celeryCalendar(timing.crontab)] };
  if ('solar' in timing) return { ...none, calendars: [solarCalendar(timing.solar)] };
  if ('at' in timing) return { ...none, instants: [instantIn(timing.at, timeZone)] };
  const { seconds, offsetSeconds = 0 } = timing.every;
  if (offsetSeconds >= seconds)
    throw new InvalidTiming('timing.every.offsetSeconds', `less than the ${seconds} seconds`, offsetSeconds);
  return { ...none, intervals: [{ seconds, offsetSeconds }] };
}

/** A time without an offset is UTC, which beside another zone is probably not what was meant. */
function instantIn(at: string, timeZone: string): number {
  const atMs = instantOf(at);
  if (timeZone === 'UTC' || hasOffset(at)) return upToSecond(atMs);
  const example = new Date(atMs).toISOString();
  throw new InvalidTiming('timing.at', `a time with its offset, as ${example}, beside the time zone ${timeZone}`, at);
}

function hasOneTimeOfDay(calendars: readonly Calendar[], timing: Timing): boolean {
  if (calendars.length === 0 || 'solar' in timing) return false;
  return calendars.every(({ hours, minutes }) => hours.length === 1 && minutes.length === 1);
}

/**
 * Returns a calendar with one time a day, half a day before the event, so that a day never contains two of the same
 * event.
 */
function solarCalendar(solar: SolarTiming): Calendar {
  const { hour, minute } = solarDayStart(solar);
  return { ...ALL, hours: [hour], minutes: [minute] };
}

/**
 * A timing in a few words, for tables.
 *
 * @example
 * ```ts
 * import { describeTiming } from './client/index.ts';
 *
 * console.log(describeTiming({ every: { seconds: 3600 } })); // every 1 h
 * ```
 */
export function describeTiming(timing: Timing): string {
  if ('cron' in timing) return timing.cron;
  if ('crontab' in timing) {
    const fields = Object.entries(timing.crontab).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return `crontab(${fields.join(', ')})`;
  }
  if ('every' in timing) return `every ${durationText(timing.every.seconds)}`;
  if ('at' in timing) return `at ${timing.at}`;
  const { event, latitude, longitude } = timing.solar;
  return `${event} at ${latitude}, ${longitude}`;
}

function durationText(seconds: number): string {
  const units = [
    { name: 'd', seconds: 86_400 },
    { name: 'h', seconds: 3_600 },
    { name: 'min', seconds: 60 },
  ];
  const unit = units.find((candidate) => seconds % candidate.seconds === 0);
  return unit === undefined ? `${seconds} s` : `${seconds / unit.seconds} ${unit.name}`;
}
