import { z } from 'zod';
import { INSTANT_EXPECTED, parseInstant } from './instant.ts';

/** An instant as text; see {@link parseInstant}. */
export const instantSchema = z
  // The library's own message is kept for a missing value: by it, fieldFaults recognises a form of a union that was not meant.
  .string({ error: ({ input }) => (input === undefined ? undefined : `expected ${INSTANT_EXPECTED}`) })
  .refine((text) => parseInstant(text) !== undefined, { error: `expected ${INSTANT_EXPECTED}`, abort: true });
