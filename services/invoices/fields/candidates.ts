/** Values that may be a field, and the choice of the best one. */
import type { Found } from '../port.ts';
import { boxAround, meanConfidence, type Token } from '../page/layout.ts';
import type { Box } from '../page/words.ts';

/** A value that may be the field. */
export interface Candidate<T> {
  readonly value: T;
  /** How well the value fits: 0 to 1, slightly more when several signs agree. */
  readonly score: number;
  readonly page: number;
  /** Mean confidence of the words that the value was read from, 0 to 1. */
  readonly reading: number;
  readonly box?: Box;
  readonly computed?: true;
  /** What is doubtful about the value. */
  readonly note?: string;
}

/** Makes a candidate that stands on the given tokens. */
export function candidateOn<T>(value: T, score: number, page: number, tokens: readonly Token[]): Candidate<T> {
  const box = boxAround(tokens);
  return { value, score, page, reading: meanConfidence(tokens), ...(box === undefined ? {} : { box }) };
}

/** Rounds to two decimals and clamps to 0…1. */
export function confidence(value: number): number {
  return Number.isFinite(value) ? Math.round(Math.min(1, Math.max(0, value)) * 100) / 100 : 0;
}

/** Reduces a score by the confidence of its words: badly read words are less sure, but not worthless. */
export function weighReading(score: number, reading: number): number {
  return score * (0.7 + 0.3 * Math.min(1, Math.max(0, reading)));
}

/** Converts a candidate for the port. */
export function toFound<T>(candidate: Candidate<T>): Found<T> {
  const { value, page, box, computed, note } = candidate;
  return {
    value,
    confidence: confidence(weighReading(candidate.score, candidate.reading)),
    page,
    ...(box === undefined ? {} : { box }),
    ...(computed === undefined ? {} : { computed }),
    ...(note === undefined ? {} : { note }),
  };
}

/** Returns the best candidate; a value found again becomes slightly surer, and the first of equals wins. */
export function chooseBest(candidates: readonly Candidate<string>[]): Candidate<string> | undefined {
  const seen = new Map<string, number>();
  for (const { value } of candidates) seen.set(value, (seen.get(value) ?? 0) + 1);
  let best: Candidate<string> | undefined;
  for (const candidate of candidates) {
    const again = Math.min(2, (seen.get(candidate.value) ?? 1) - 1) * 0.04;
    const scored = { ...candidate, score: candidate.score + again };
    if (best === undefined || scored.score > best.score + 1e-9) best = scored;
  }
  return best;
}
