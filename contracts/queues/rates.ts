/** Rates, and Celery's notation for them. */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../values/units.ts';

/** A number of starts per time. */
export interface Rate {
  readonly count: number;
  /** Length of the time, in milliseconds. */
  readonly perMs: number;
}

/** The rates that MINGUS has for its messages, over all workers together. */
export const messageRates = {
  criticalAlerts: { count: 500, perMs: MINUTE_MS },
  paymentReminders: { count: 100, perMs: MINUTE_MS },
  monthlyReports: { count: 1000, perMs: MINUTE_MS },
} as const satisfies Readonly<Record<string, Rate>>;

const UNITS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS };

/** Converts a rate to starts per second, the unit of the server. */
export function perSecond({ count, perMs }: Rate): number {
  return (count * 1000) / perMs;
}

/**
 * Reads Celery's notation: `10/s`, `100/m`, `0.5/h`; a bare number is a rate per second.
 *
 * @returns `undefined` for anything else
 */
export function parseRate(text: string): Rate | undefined {
  const found = /^(\d+(?:\.\d+)?)(?:\/([smh]))?$/.exec(text.trim());
  const perMs = UNITS[found?.[2] ?? 's'];
  const count = Number(found?.[1]);
  return perMs === undefined || !(count > 0) ? undefined : { count, perMs };
}

/** Converts starts per second to a rate per second, minute or hour, whichever gives a whole number. */
export function rateOf(requestsPerSecond: number): Rate {
  const perMs = [SECOND_MS, MINUTE_MS, HOUR_MS].find((size) => {
    const count = (requestsPerSecond * size) / SECOND_MS;
    // The server stores seven digits.
    return Math.round(count) > 0 && Math.abs(count - Math.round(count)) < count * 1e-6;
  });
  return perMs === undefined
    ? { count: requestsPerSecond, perMs: SECOND_MS }
    : { count: Math.round((requestsPerSecond * perMs) / SECOND_MS), perMs };
}

/** Writes a rate in Celery's notation. */
export function formatRate({ count, perMs }: Rate): string {
  const unit = Object.entries(UNITS).find(([, size]) => size === perMs);
  return unit === undefined ? `${round(perSecond({ count, perMs }))}/s` : `${count}/${unit[0]}`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
