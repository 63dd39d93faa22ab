/** Computes sunrise, sunset and related events, because Temporal's server has no solar schedules. */
import { Body, Observer, SearchAltitude, SearchHourAngle, SearchRiseSet } from 'astronomy-engine';
import type { SolarEvent, SolarTiming } from '../contracts/schedules/vocabulary.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../contracts/values/units.ts';

const MINUTES_A_DAY = 1440;

/**
 * A crossing of an altitude: +1 upwards, -1 downwards. Without an altitude it is the upper edge on the horizon, with
 * refraction.
 */
interface Crossing {
  readonly direction: 1 | -1;
  /** Altitude of the sun's centre in degrees. */
  readonly altitude?: number;
}

/** Crossing of each event. Dawn and dusk are at 6, 12 and 18 degrees below the horizon. */
const CROSSINGS: Readonly<Record<Exclude<SolarEvent, 'solar_noon'>, Crossing>> = {
  dawn_astronomical: { direction: 1, altitude: -18 },
  dawn_nautical: { direction: 1, altitude: -12 },
  dawn_civil: { direction: 1, altitude: -6 },
  sunrise: { direction: 1 },
  sunset: { direction: -1 },
  dusk_civil: { direction: -1, altitude: -6 },
  dusk_nautical: { direction: -1, altitude: -12 },
  dusk_astronomical: { direction: -1, altitude: -18 },
};

/**
 * Returns the first such event from one instant and before another, in milliseconds; `undefined` when there is none, as
 * on a polar day or night.
 */
export function solarEventBetween(
  { event, latitude, longitude }: SolarTiming,
  fromMs: number,
  toMs: number,
): number | undefined {
  const observer = new Observer(latitude, longitude, 0);
  const from = new Date(fromMs);
  const found = event === 'solar_noon' ? noon(observer, from) : crossing(CROSSINGS[event], observer, from, toMs);
  if (found === undefined) return undefined;
  // Fractions of a second are below the accuracy of the computation.
  const at = Math.round(found / 1000) * 1000;
  return at < toMs ? Math.max(at, fromMs) : undefined;
}

function noon(observer: Observer, from: Date): number {
  return SearchHourAngle(Body.Sun, observer, 0, from).time.date.getTime();
}

function crossing({ direction, altitude }: Crossing, observer: Observer, from: Date, toMs: number): number | undefined {
  const days = (toMs - from.getTime()) / DAY_MS;
  const time =
    altitude === undefined
      ? SearchRiseSet(Body.Sun, observer, direction, from, days)
      : SearchAltitude(Body.Sun, observer, direction, from, days, altitude);
  return time?.date.getTime();
}

/** Returns the minute after local solar midnight at which an event occurs on an average day of the year. */
function usualMinute(event: SolarEvent): number {
  if (event === 'solar_noon') return MINUTES_A_DAY / 2;
  return CROSSINGS[event].direction === 1 ? MINUTES_A_DAY / 4 : (MINUTES_A_DAY * 3) / 4;
}

/**
 * Returns when the day of a place begins for an event, in UTC: half a day before its usual time. With days cut at 00:00
 * UTC, an event that drifts across the cut (sunrise in Dhaka) would occur twice on one day and never on another.
 */
export function solarDayStart({ event, longitude }: Pick<SolarTiming, 'event' | 'longitude'>): {
  readonly hour: number;
  readonly minute: number;
} {
  const usual = usualMinute(event) - (longitude / 360) * MINUTES_A_DAY;
  const start = Math.round(usual - MINUTES_A_DAY / 2);
  const minutes = ((start % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY;
  return { hour: Math.floor(minutes / 60), minute: minutes % 60 };
}

/** Returns the start of the day of a place that contains an instant, in milliseconds. */
export function solarDay(solar: Pick<SolarTiming, 'event' | 'longitude'>, atMs: number): number {
  const { hour, minute } = solarDayStart(solar);
  const shiftMs = hour * HOUR_MS + minute * MINUTE_MS;
  return Math.floor((atMs - shiftMs) / DAY_MS) * DAY_MS + shiftMs;
}
