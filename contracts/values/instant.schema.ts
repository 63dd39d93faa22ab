import { z } from 'zod';
import { INSTANT_EXPECTED, parseInstant } from './instant.ts';

/** A time as kombu writes it, which Celery applications send as `eta` and `expires`. */
const kombuTime = z.strictObject({ __type__: z.enum(['datetime', 'date']), __value__: z.unknown() });

/** An instant as text, or as kombu's typed value with that text, which becomes the text; see {@link parseInstant}. */
export const instantSchema = z.preprocess(
  plainTime,
  z
    // The library's own message is kept for a missing value: by it, fieldFaults recognises a form of a union that was not meant.
    .string({ error: ({ input }) => (input === undefined ? undefined : `expected ${INSTANT_EXPECTED}`) })
    .refine((text) => parseInstant(text) !== undefined, { error: `expected ${INSTANT_EXPECTED}`, abort: true }),
);

function plainTime(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const typed = kombuTime.safeParse(value);
  return typed.success ? typed.data.__value__ : value;
}

/** An instant as text, which becomes its form in UTC, so that nothing downstream depends on a time zone. */
export const utcInstantSchema = z
  .string()
  .refine((text) => parseInstant(text) !== undefined, `expected ${INSTANT_EXPECTED}`)
  .transform((text) => new Date(parseInstant(text) ?? Number.NaN).toISOString());
