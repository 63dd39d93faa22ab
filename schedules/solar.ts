/** Sunrise and its relatives, computed: Temporal's server knows nothing of the sun (P3-13). */
import { Body, Observer, SearchAltitude, SearchHourAngle, SearchRiseSet } from 'astronomy-engine';
import type { SolarEvent, SolarTiming } from '../contracts/schedules/vocabulary.ts';
import { DAY_MS } from '../contracts/values/units.ts';

const MINUTES_A_DAY = 1440;

/** Up is +1, down is -1; without an altitude it is the upper edge on the horizon, with refraction. */
interface Crossing {
  readonly direction: 1 | -1;
  /** Altitude of the sun's centre in degrees. */
  readonly altitude?: number;
}

/** How each event is found. Dawn and dusk are at 6, 12 and 18 degrees below the horizon. */
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
 * The first such event from one instant on and before another, in
 * milliseconds; `undefined` when there is none, as on a polar day or night.
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
  // Whole seconds: what is less is beyond any accuracy.
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

/** Minutes after local solar midnight at which an event comes on an average day of the year. */
function usualMinute(event: SolarEvent): number {
  if (event === 'solar_noon') return MINUTES_A_DAY / 2;
  return CROSSINGS[event].direction === 1 ? MINUTES_A_DAY / 4 : (MINUTES_A_DAY * 3) / 4;
}

/**
 * When the day of a place begins for an event, in UTC: half a day before it
 * usually comes. With days cut at 00:00 UTC, an event that drifts over the cut
 * (sunrise in Dhaka) would come twice on one day and not at all on another.
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
