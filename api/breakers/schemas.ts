/** Shapes that only the routes of breakers have. */
import { z } from 'zod';
import { MAX_BREAKER_KEY } from '../../contracts/breakers/vocabulary.ts';
import { BREAKER_CHANGES, BREAKER_STATES } from '../../contracts/breakers/view.ts';
import { pageOf, pageShape } from '../http/paging.ts';
import { DAY_MS } from '../../contracts/values/units.ts';

export const breakerParams = z.object({
  key: z.string().min(1).max(MAX_BREAKER_KEY).describe('Key of the provider; a slash in it is written %2F'),
});
export const breakerChangeBody = z.strictObject({
  reason: z.string().trim().min(1).max(300).describe('Why; kept with the change'),
  by: z.string().trim().min(1).max(100).optional().describe('Who; default: whose key it is'),
});
export const breakerOpenBody = breakerChangeBody.extend({
  forMs: z
    .int()
    .min(1)
    .max(31 * DAY_MS)
    .optional()
    .describe('Milliseconds until one call probes the provider; without it nobody does until the breaker is closed'),
});

const time = z.string().nullable();

export const breakerSchema = z.object({
  key: z.string(),
  state: z.enum(BREAKER_STATES),
  failures: z.int(),
  reason: z.string().nullable(),
  since: time,
  lastFailureAt: time,
  nextProbeAt: time,
  throttledUntil: time,
  parked: z.int(),
});
export const breakerListSchema = pageOf(breakerSchema);
export const breakersQuery = z.strictObject(pageShape());
export const breakerWithChangesSchema = breakerSchema.extend({
  changes: z.array(z.object({ at: z.string(), change: z.enum(BREAKER_CHANGES), by: z.string(), reason: z.string() })),
});
