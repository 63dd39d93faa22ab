/** Bodies that fold: the results of a large header are never all in one place. */
import { chord } from './builders.ts';
import { chunks } from '../../concurrency/chunks.ts';
import type { TypedSignature } from './typed.ts';

/** How {@link fold} cuts. */
export interface FoldOptions {
  /** Results that the body is given at once, at least 2. @defaultValue 400 */
  readonly size?: number;
}

/** Two pieces with their bodies are what one run makes itself. */
const PIECE = 400;

/**
 * Members side by side, whose results the body folds piece by piece, and then
 * what the pieces gave: for bodies to which it makes no difference how often and
 * over how much they are called (sums, maxima, merges), whose result is the next
 * one's input. Plain data: a chord of chords.
 *
 * @throws RangeError for a size below 2
 *
 * @example
 * ```ts
 * const square = task(sampleTasks.square);
 * const numbers = Array.from({ length: 10_000 }, (_, n) => square.si({ data: n }));
 * const total = fold(numbers, task(sampleTasks.sum).into('data', {}));
 * ```
 */
export function fold<Prev, T>(
  members: readonly TypedSignature<Prev, T>[],
  body: TypedSignature<readonly T[], T>,
  { size = PIECE }: FoldOptions = {},
): TypedSignature<Prev, T> {
  if (!Number.isInteger(size) || size < 2) throw new RangeError(`expected pieces of at least 2, got ${String(size)}`);
  if (members.length <= size) return chord(members, body);
  const pieces = chunks(members, size).map((piece): TypedSignature<Prev, T> => chord(piece, body));
  return fold(pieces, body, { size });
}
