/** Conversions of units and ages that the tasks of this domain share. */

import { BYTES_PER_MB, HOUR_MS } from '../../contracts/values/units.ts';

/** Converts bytes to megabytes (1024 × 1024 bytes) with four decimals, so that a small file is not shown as 0. */
export function megabytes(bytes: number): number {
  return Math.round((Math.max(0, bytes) / BYTES_PER_MB) * 10_000) / 10_000;
}

/** Rounds a number to one decimal. */
export function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Returns the instant so many hours before another. */
export function hoursBefore(now: Date, hours: number): Date {
  return new Date(now.getTime() - hours * HOUR_MS);
}

/** Returns the instant so many days of 24 hours before another. */
export function daysBefore(now: Date, days: number): Date {
  return hoursBefore(now, days * 24);
}
