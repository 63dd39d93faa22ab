import { z } from 'zod';
import { INSTANT_EXPECTED, parseInstant } from './instant.ts';

/** An instant as text; see {@link parseInstant}. */
export const instantSchema = z
  // A missing one keeps the message of the library, by which unions tell a form that was not meant.
  .string({ error: ({ input }) => (input === undefined ? undefined : `expected ${INSTANT_EXPECTED}`) })
  .refine((text) => parseInstant(text) !== undefined, { error: `expected ${INSTANT_EXPECTED}`, abort: true });
