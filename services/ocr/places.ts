/** A bound on the words of a page that are kept with their places. */
import type { PageReading } from './port.ts';

/**
 * Most words of a page that are kept with their places. A full page of a newspaper has 5,000; a page that is made to
 * hold a million takes every process that handles it half a second at a time.
 */
export const MAX_PLACED_WORDS = 20_000;

/** Leaves out the words beyond the bound, and says so; the text of the page stays whole. */
export function withBoundedPlaces(reading: PageReading): PageReading {
  const { words, hint } = reading;
  if (words.length <= MAX_PLACED_WORDS) return reading;
  const left =
    `The page has ${String(words.length)} words, and the places of the first ${String(MAX_PLACED_WORDS)} are kept. ` +
    'Its text is whole.';
  return {
    ...reading,
    words: words.slice(0, MAX_PLACED_WORDS),
    hint: hint === undefined ? left : `${hint} ${left}`,
  };
}
