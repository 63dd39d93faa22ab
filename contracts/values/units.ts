/** Units of time and size, so that constants are readable, for example `5 * MINUTE_MS`. */

/** One second in milliseconds. */
export const SECOND_MS = 1_000;

/** One minute in milliseconds. */
export const MINUTE_MS = 60 * SECOND_MS;

/** One hour in milliseconds. */
export const HOUR_MS = 60 * MINUTE_MS;

/** 24 hours in milliseconds; a local day may have 23 or 25. */
export const DAY_MS = 24 * HOUR_MS;

/** 24 hours in seconds. */
export const DAY_SECONDS = DAY_MS / SECOND_MS;

/** One kilobyte in settings and answers: 1024 bytes. */
export const BYTES_PER_KB = 1_024;

/** One megabyte in settings and answers: 1024 × 1024 bytes. */
export const BYTES_PER_MB = 1_024 * BYTES_PER_KB;
