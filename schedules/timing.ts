/** Compiles the four forms of a timing for the server and for our own forecasts. */
import type { SolarTiming, Timing } from '../contracts/schedules/vocabulary.ts';
import { ALL, type Calendar } from './calendar.ts';
import { celeryCalendar, cronCalendars } from './crontab.ts';
import { InvalidTiming } from './invalid-timing.ts';
import { solarDayStart } from './solar.ts';
import { isTimeZone, timeZoneExpected } from '../contracts/values/time-zone.ts';

/** An interval and its shift, in whole seconds since 1970. */
export interface CompiledInterval {
  readonly seconds: number;
  readonly offsetSeconds: number;
}

/** The union of calendars and intervals. */
export interface CompiledTiming {
  readonly calendars: readonly Calendar[];
  readonly intervals: readonly CompiledInterval[];
  readonly timeZone: string;
  /** True when a repeated time runs once and a missing one at the next existing time. */
  readonly onceADay: boolean;
  /** Set for a solar timing, whose calendar starts a workflow that waits for the event. */
  readonly solar?: SolarTiming;
}

/**
 * Compiles a timing. Celery's `timedelta` counts from the start of beat, and anew after each restart. An interval here
 * counts from 1970 in UTC, so every five minutes means :00, :05, :10 whenever the server was started.
 * @throws InvalidTiming naming the field, what was expected and what it got
 */
export function compileTiming(timing: Timing, timeZone = 'UTC', onceADay = false): CompiledTiming {
  if (!isTimeZone(timeZone)) throw new InvalidTiming('timeZone', timeZoneExpected(timeZone), timeZone);
  const compiled = { ...timesOf(timing), timeZone, onceADay };
  if ('solar' in timing && !onceADay) return { ...compiled, timeZone: 'UTC', solar: timing.solar };
  if (onceADay && !hasOneTimeOfDay(compiled.calendars, timing))
    throw new InvalidTiming('onceADay', 'a cron line or crontab with one hour and one minute', describeTiming(timing));
  return compiled;
}

function timesOf(timing: Timing): Pick<CompiledTiming, 'calendars' | 'intervals'> {
  if ('cron' in timing) return { calendars: cronCalendars(timing.cron), intervals: [] };
  if ('crontab' in timing) return { calendars: [celeryCalendar(timing.crontab)], intervals: [] };
  if ('solar' in timing) return { calendars: [solarCalendar(timing.solar)], intervals: [] };
  const { seconds, offsetSeconds = 0 } = timing.every;
  if (offsetSeconds >= seconds)
    throw new InvalidTiming('timing.every.offsetSeconds', `less than the ${seconds} seconds`, offsetSeconds);
  return { calendars: [], intervals: [{ seconds, offsetSeconds }] };
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
