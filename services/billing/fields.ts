/** Fields of the provider that several of its objects have. */
import { z } from 'zod';
import { SECOND_MS } from '../../contracts/values/units.ts';

/** An id, or the object that has it where a request asked for it. */
export const reference = z
  .union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])
  .nullish()
  .transform((id) => id ?? null);

/** A time in seconds since 1970, as an ISO time. */
export const seconds = z
  .number()
  .nullish()
  .transform((at) => (typeof at === 'number' ? new Date(at * SECOND_MS).toISOString() : null));
