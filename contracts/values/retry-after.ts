/** Reads `Retry-After` of HTTP (RFC 9110). */
import { DAY_MS, SECOND_MS } from './units.ts';

/** Longest wait that is taken as asked for, in milliseconds; a longer one may be a mistake, so it is asked again after a day. */
export const LONGEST_RETRY_AFTER_MS = DAY_MS;

/** Shortest wait, in milliseconds: who says 0 or names a moment that has passed is not asked again at once. */
const SHORTEST_MS = SECOND_MS;

/** Longest header that is read; the longest date has 33 characters. */
const MOST_CHARACTERS = 100;

const SECONDS = /^\d+(?:\.\d+)?$/;

/**
 * Returns the wait that a `Retry-After` asks for, in milliseconds: 1 s to 24 h. Seconds may have a fraction, as some services
 * send it.
 *
 * @param now - in milliseconds since 1970
 * @returns `undefined` when the header is absent, negative, or neither seconds nor a date of HTTP
 */
export function retryAfterMs(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '' || text.length > MOST_CHARACTERS) return undefined;
  const asked = SECONDS.test(text) ? Number(text) * SECOND_MS : dateOf(text) - now;
  if (Number.isNaN(asked)) return undefined;
  return Math.min(Math.max(Math.round(asked), SHORTEST_MS), LONGEST_RETRY_AFTER_MS);
}

/** `Date.parse` takes far more than dates of HTTP. */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/;

function dateOf(text: string): number {
  return HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
}
