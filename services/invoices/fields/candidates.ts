/** Values that might be a field, and how the best of them is chosen. */
import type { Found } from '../port.ts';
import { boxAround, meanConfidence, type Token } from '../page/layout.ts';
import type { Box } from '../page/words.ts';

/** A value that might be the field. */
export interface Candidate<T> {
  readonly value: T;
  /** How well it fits, 0…1 and a little more. */
  readonly score: number;
  readonly page: number;
  /** How surely its words were read. */
  readonly reading: number;
  readonly box?: Box;
}

/** A candidate standing on the given tokens. */
export function candidateOn<T>(value: T, score: number, page: number, tokens: readonly Token[]): Candidate<T> {
  const box = boxAround(tokens);
  return { value, score, page, reading: meanConfidence(tokens), ...(box === undefined ? {} : { box }) };
}

/** A probability-like number of two decimals between 0 and 1. */
export function confidence(value: number): number {
  return Number.isFinite(value) ? Math.round(Math.min(1, Math.max(0, value)) * 100) / 100 : 0;
}

/** How much the reading of the words takes from a score: badly read words are less sure, but not worthless. */
export function weighReading(score: number, reading: number): number {
  return score * (0.7 + 0.3 * Math.min(1, Math.max(0, reading)));
}

/** A candidate as the port wants it. */
export function toFound<T>(candidate: Candidate<T>): Found<T> {
  const { value, page, box } = candidate;
  return {
    value,
    confidence: confidence(weighReading(candidate.score, candidate.reading)),
    page,
    ...(box === undefined ? {} : { box }),
  };
}

/** The best candidate; a value seen again is a little surer, and the first of equals wins. */
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
