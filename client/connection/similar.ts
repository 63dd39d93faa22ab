/** Names that a wrong name may have meant. */
import { distance } from 'fastest-levenshtein';

/** Longest part of a wrong name that is compared, in characters: the time of a comparison grows with its square. */
const COMPARED = 100;
/** Share of the letters that may differ. */
const MOST_DIFFERENT = 0.4;
const MOST_NAMES = 3;

/**
 * Returns up to three known names that are like a name, the likeliest first: those that differ in few letters, and those
 * with the same last part, as `reports.send` and `email.send`. The name itself is none of them: lists of the server lag
 * behind, so that it may be there.
 */
export function similar(name: string, known: readonly string[]): readonly string[] {
  const wanted = name.slice(0, COMPARED).toLowerCase();
  return known
    .filter((one) => one !== name)
    .map((one) => ({ one, far: farness(wanted, one.toLowerCase()) }))
    .filter(({ far }) => far <= MOST_DIFFERENT)
    .sort((a, b) => a.far - b.far || (a.one < b.one ? -1 : 1))
    .slice(0, MOST_NAMES)
    .map(({ one }) => one);
}

function farness(wanted: string, one: string): number {
  const share = distance(wanted, one) / Math.max(wanted.length, one.length, 1);
  return lastPart(wanted) === lastPart(one) ? Math.min(share, MOST_DIFFERENT) : share;
}

function lastPart(name: string): string | undefined {
  return name.split('.').at(-1);
}

/** Formats the names that are like a name for a message, for example ` (perhaps email.send)`; empty without any. */
export function perhaps(name: string, known: readonly string[]): string {
  const names = similar(name, known);
  return names.length === 0 ? '' : ` (perhaps ${names.join(' or ')})`;
}
