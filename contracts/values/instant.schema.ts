import { z } from 'zod';
import { INSTANT_EXPECTED, parseInstant } from './instant.ts';

/** An instant as text; see {@link parseInstant}. */
export const instantSchema = z
  .string({ error: `expected ${INSTANT_EXPECTED}` })
  .refine((text) => parseInstant(text) !== undefined, { error: `expected ${INSTANT_EXPECTED}`, abort: true });
