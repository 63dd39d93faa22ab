import { z } from 'zod';
import { isPrintable, PRINTABLE_EXPECTED } from './printable.ts';

/** A name of up to so many characters; see {@link isPrintable}. */
export function printableSchema(most: number): z.ZodString {
  return z.string().min(1).max(most).refine(isPrintable, { error: PRINTABLE_EXPECTED });
}
