/** Units and ages that the tasks of this domain share. */

import { BYTES_PER_MB, HOUR_MS } from '../../contracts/values/units.ts';

/** Bytes as megabytes (of 1024 × 1024 bytes, as in CLEAN-1), to four decimals, so that a small file still shows. */
export function megabytes(bytes: number): number {
  return Math.round((Math.max(0, bytes) / BYTES_PER_MB) * 10_000) / 10_000;
}

/** A number to one decimal. */
export function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The instant so many hours before another. */
export function hoursBefore(now: Date, hours: number): Date {
  return new Date(now.getTime() - hours * HOUR_MS);
}

/** The instant so many days of 24 hours before another. */
export function daysBefore(now: Date, days: number): Date {
  return hoursBefore(now, days * 24);
}
