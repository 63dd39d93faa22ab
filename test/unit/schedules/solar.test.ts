import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SOLAR_EVENTS, type SolarEvent, type SolarTiming } from '../../../contracts/schedules/vocabulary.ts';
import { forecast } from '../../../schedules/next.ts';
import { solarDayStart, solarEventBetween } from '../../../schedules/solar.ts';
import { compileTiming } from '../../../schedules/timing.ts';
import { DAY_MS, MINUTE_MS } from '../../../contracts/values/units.ts';

const NEW_YORK = { latitude: 40.7128, longitude: -74.006 };
const LONDON = { latitude: 51.5074, longitude: -0.1278 };
const SYDNEY = { latitude: -33.8688, longitude: 151.2093 };
const TROMSO = { latitude: 69.6492, longitude: 18.9553 };

/** The event of the place's day that begins on a date in UTC. */
function on(date: string, timing: SolarTiming): number | undefined {
  const { hour, minute } = solarDayStart(timing);
  const from = Date.parse(`${date}T00:00:00Z`) + (hour * 60 + minute) * MINUTE_MS;
  return solarEventBetween(timing, from, from + DAY_MS);
}

describe('BEAT-14 the sun', () => {
  // Published by the US Naval Observatory and by timeanddate.com, to the minute.
  it.each<[string, SolarEvent, { latitude: number; longitude: number }, string]>([
    ['sunrise in New York, longest day', 'sunrise', NEW_YORK, '2024-06-20T09:25Z'],
    ['sunset in New York, longest day', 'sunset', NEW_YORK, '2024-06-21T00:31Z'],
    ['sunrise in New York, shortest day', 'sunrise', NEW_YORK, '2024-12-21T12:17Z'],
    ['sunset in New York, shortest day', 'sunset', NEW_YORK, '2024-12-21T21:32Z'],
    ['civil dawn in New York, longest day', 'dawn_civil', NEW_YORK, '2024-06-20T08:51Z'],
    ['sunrise in London, longest day', 'sunrise', LONDON, '2024-06-20T03:43Z'],
    ['sunset in London, longest day', 'sunset', LONDON, '2024-06-20T20:21Z'],
    ['sunset in Sydney, longest day', 'sunset', SYDNEY, '2024-12-21T09:05Z'],
  ])('%s is as the almanac says', (_, event, place, published) => {
    const expected = Date.parse(published);
    const found = solarEventBetween({ event, ...place }, expected - DAY_MS / 2, expected + DAY_MS / 2) ?? 0;
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(1.5 * MINUTE_MS);
  });

  it('agrees with the formulas of NOAA everywhere below the polar circles', () => {
    const place = fc.record({
      latitude: fc.double({ min: -60, max: 60, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    fc.assert(
      fc.property(place, fc.integer({ min: 0, max: 3650 }), (where, day) => {
        const date = new Date(Date.UTC(2020, 0, 1) + day * DAY_MS).toISOString().slice(0, 10);
        for (const event of ['sunrise', 'sunset', 'solar_noon'] as const) {
          const found = on(date, { event, ...where }) ?? 0;
          expect(Math.abs(found - byNoaa(event, where, found))).toBeLessThan(3 * MINUTE_MS);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('comes in the order dawn, sunrise, noon, sunset, dusk', () => {
    const from = Date.parse('2026-03-20T04:00:00Z');
    const times = SOLAR_EVENTS.map((event) => solarEventBetween({ event, ...NEW_YORK }, from, from + DAY_MS) ?? 0);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBe(SOLAR_EVENTS.length);
  });

  it('comes exactly once in each day of the place, also where it drifts over 00:00 UTC (Dhaka)', () => {
    for (const longitude of [90.4, 89, -90, 0, 179, -179]) {
      const timing = { event: 'sunrise', latitude: 23.8, longitude } as const;
      for (let day = 0; day < 366; day += 1) {
        const date = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * DAY_MS).toISOString().slice(0, 10);
        const [today, tomorrow] = [on(date(day), timing) ?? 0, on(date(day + 1), timing) ?? 0];
        expect(Math.abs(tomorrow - today - DAY_MS)).toBeLessThan(5 * MINUTE_MS);
      }
    }
  });

  it('stays away on polar days and nights, and the forecast says how long', () => {
    expect(on('2026-06-21', { event: 'sunrise', ...TROMSO })).toBeUndefined();
    expect(on('2026-12-21', { event: 'sunrise', ...TROMSO })).toBeUndefined();
    expect(on('2026-12-21', { event: 'dawn_civil', ...TROMSO })).toBeTypeOf('number');
    const afterMs = Date.parse('2026-11-20T00:00:00Z');
    const runs = forecast(compileTiming({ solar: { event: 'sunrise', ...TROMSO } }), { afterMs, count: 12 });
    const gap = runs.find(({ kind }) => kind === 'gap');
    expect(gap?.at.slice(0, 7)).toBe('2026-11');
    expect(gap?.note).toMatch(/^no sunrise until 2027-01-1\d: polar day or night$/);
    expect(runs.at(-1)?.at.slice(0, 7)).toBe('2027-01');
  });

  it('has an answer for every place, event and day of asking', () => {
    const solar = fc.record({
      event: fc.constantFrom(...SOLAR_EVENTS),
      latitude: fc.oneof(
        fc.constantFrom(-90, -89.9, 66.6, 78.2, 89.99, 90),
        fc.double({ min: -90, max: 90, noNaN: true }),
      ),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    fc.assert(
      fc.property(solar, fc.integer({ min: 0, max: 366 * 24 }), (place, hour) => {
        const afterMs = Date.UTC(2026, 0, 1) + hour * 3_600_000;
        const found = forecast(compileTiming({ solar: place }), { afterMs, count: 1 });
        const last = found.at(-1);
        if (last?.kind === 'gap')
          expect(last.note).toBe(`no ${place.event} within a year: it does not come at this place`);
        else expect(Date.parse(last?.at ?? '')).toBeGreaterThan(afterMs);
        if (found.length > 1)
          expect(found[0]?.note).toBe(`no ${place.event} until ${last?.at.slice(0, 10) ?? ''}: polar day or night`);
      }),
      { numRuns: 60 },
    );
  });

  it('at the pole the sun rises once a year, and a look that ends before says so', () => {
    const pole = compileTiming({ solar: { event: 'sunrise', latitude: 90, longitude: 0 } });
    const afterMs = Date.parse('2026-04-01T00:00:00Z');
    expect(forecast(pole, { afterMs, count: 1 }).map(({ at }) => at.slice(0, 7))).toEqual(['2026-04', '2027-03']);
    expect(forecast(pole, { afterMs, untilMs: Date.parse('2026-06-01T00:00:00Z') }).map(({ note }) => note)).toEqual([
      'no sunrise until after 2026-06-01: polar day or night',
    ]);
  });

  it('CFG-7 is computed in UTC, whatever the zone of the schedule', () => {
    const timing = { solar: { event: 'sunrise', ...NEW_YORK } } as const;
    const [berlin] = forecast(compileTiming(timing, 'Europe/Berlin'), { afterMs: Date.UTC(2026, 10, 21), count: 1 });
    expect(berlin?.at).toBe('2026-11-21T11:49:52.000Z');
  });
});

/** The spreadsheet of NOAA's solar calculator: a second, independent opinion. */
function byNoaa(
  event: SolarEvent,
  { latitude, longitude }: { latitude: number; longitude: number },
  nearMs: number,
): number {
  const rad = Math.PI / 180;
  const century = (nearMs / DAY_MS + 2440587.5 - 2451545) / 36525;
  const meanLongitude = (280.46646 + century * (36000.76983 + century * 0.0003032)) % 360;
  const anomaly = 357.52911 + century * (35999.05029 - 0.0001537 * century);
  const eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century);
  const centre =
    Math.sin(rad * anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century)) +
    Math.sin(rad * 2 * anomaly) * (0.019993 - 0.000101 * century) +
    Math.sin(rad * 3 * anomaly) * 0.000289;
  const omega = 125.04 - 1934.136 * century;
  const apparent = meanLongitude + centre - 0.00569 - 0.00478 * Math.sin(rad * omega);
  const obliquity =
    23 +
    (26 + (21.448 - century * (46.815 + century * (0.00059 - century * 0.001813))) / 60) / 60 +
    0.00256 * Math.cos(rad * omega);
  const declination = Math.asin(Math.sin(rad * obliquity) * Math.sin(rad * apparent)) / rad;
  const y = Math.tan((rad * obliquity) / 2) ** 2;
  const equation =
    (4 *
      (y * Math.sin(2 * rad * meanLongitude) -
        2 * eccentricity * Math.sin(rad * anomaly) +
        4 * eccentricity * y * Math.sin(rad * anomaly) * Math.cos(2 * rad * meanLongitude) -
        0.5 * y * y * Math.sin(4 * rad * meanLongitude) -
        1.25 * eccentricity ** 2 * Math.sin(2 * rad * anomaly))) /
    rad;
  const cosine =
    Math.cos(rad * 90.833) / (Math.cos(rad * latitude) * Math.cos(rad * declination)) -
    Math.tan(rad * latitude) * Math.tan(rad * declination);
  const hourAngle = Math.acos(cosine) / rad;
  const noon = 720 - 4 * longitude - equation;
  const minutes = event === 'solar_noon' ? noon : event === 'sunrise' ? noon - 4 * hourAngle : noon + 4 * hourAngle;
  const offset = ((minutes * MINUTE_MS - (nearMs % DAY_MS) + DAY_MS * 2.5) % DAY_MS) - DAY_MS / 2;
  return nearMs + offset;
}
