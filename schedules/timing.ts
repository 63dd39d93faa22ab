/** From the four forms of a timing to what the server and our own forecasts understand. */
import type { SolarTiming, Timing } from '../contracts/schedules/vocabulary.ts';
import { ALL, type Calendar } from './calendar.ts';
import { celeryCalendar, cronCalendars } from './crontab.ts';
import { InvalidTiming } from './invalid-timing.ts';
import { solarDayStart } from './solar.ts';
import { isTimeZone, TIME_ZONE_EXPECTED } from '../contracts/values/time-zone.ts';

/** A distance and its shift, in whole seconds since 1970. */
export interface CompiledInterval {
  readonly seconds: number;
  readonly offsetSeconds: number;
}

/** Times as the union of calendars and intervals. */
export interface CompiledTiming {
  readonly calendars: readonly Calendar[];
  readonly intervals: readonly CompiledInterval[];
  readonly timeZone: string;
  /** Set for a solar timing: the calendar then starts a workflow that waits for the sun. */
  readonly solar?: SolarTiming;
}

/**
 * Compiles a timing.
 *
 * Celery's `timedelta` counts from the start of beat, and anew after each
 * restart. An interval here counts from 1970 in UTC: every five minutes is at
 * :00, :05, :10 whenever the server was started (P3-12).
 *
 * @throws InvalidTiming naming the field, what was expected and what came
 */
export function compileTiming(timing: Timing, timeZone = 'UTC'): CompiledTiming {
  if (!isTimeZone(timeZone)) throw new InvalidTiming('timeZone', TIME_ZONE_EXPECTED, timeZone);
  if ('cron' in timing) return { calendars: cronCalendars(timing.cron), intervals: [], timeZone };
  if ('crontab' in timing) return { calendars: [celeryCalendar(timing.crontab)], intervals: [], timeZone };
  if ('every' in timing) {
    const { seconds, offsetSeconds = 0 } = timing.every;
    if (offsetSeconds >= seconds)
      throw new InvalidTiming('timing.every.offsetSeconds', `less than the ${seconds} seconds`, offsetSeconds);
    return { calendars: [], intervals: [{ seconds, offsetSeconds }], timeZone };
  }
  return { calendars: [solarCalendar(timing.solar)], intervals: [], timeZone: 'UTC', solar: timing.solar };
}

/** Once a day, half a day before the sun is due, so that a day never holds two of the same event. */
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
