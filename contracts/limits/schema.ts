/** Shapes of everything that enters or leaves the limits domain. Workflow code imports only types from here. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { DAY_MS } from '../values/units.ts';

/** A key of a limit; it is stored in the database and logged, so it must not be a secret. */
export const limitKeySchema = z.string().min(1).max(200);

export const rateSchema = z.strictObject({
  count: z.number().positive().max(1_000_000),
  perMs: z
    .number()
    .int()
    .min(1)
    .max(31 * DAY_MS),
});

export const callLimitSchema = z
  .strictObject({
    key: limitKeySchema,
    rate: rateSchema.optional().describe('So many are started in such a time'),
    concurrency: z.int().min(1).max(100_000).optional().describe('So many are under way at once'),
  })
  .refine(({ rate, concurrency }) => rate !== undefined || concurrency !== undefined, {
    message: 'expected a rate or a concurrency',
  });

const holder = z.string().min(1).max(1100).describe('The run that waits or works');

export const reserveLimitInputSchema = z.strictObject({ holder, key: limitKeySchema, rate: rateSchema });
export const reserveLimitOutputSchema = z.object({ waitMs: z.number().nonnegative() });

export const acquireLimitInputSchema = z.strictObject({ holder, key: limitKeySchema, concurrency: z.int().min(1) });
export const acquireLimitOutputSchema = z.object({
  granted: z.boolean(),
  /** Number of runs that wait in front of this one. */
  ahead: z.int().nonnegative(),
});

export const releaseLimitOutputSchema = z.object({ released: z.boolean() });

/** Input and output of each task of the domain. */
export const limitTaskSchemas = {
  'limits.reserve': { input: reserveLimitInputSchema, output: reserveLimitOutputSchema },
  'limits.acquire': { input: acquireLimitInputSchema, output: acquireLimitOutputSchema },
  'limits.release': { input: acquireLimitInputSchema, output: releaseLimitOutputSchema },
} as const;

/** What the limits domain contributes to the schemas. */
export const limitSchemas = {
  tasks: limitTaskSchemas,
} as const satisfies DomainSchemas;

export type ReserveLimitInput = z.infer<typeof reserveLimitInputSchema>;
export type ReserveLimitOutput = z.infer<typeof reserveLimitOutputSchema>;
export type AcquireLimitInput = z.infer<typeof acquireLimitInputSchema>;
export type AcquireLimitOutput = z.infer<typeof acquireLimitOutputSchema>;
export type ReleaseLimitInput = z.infer<typeof acquireLimitInputSchema>;
export type ReleaseLimitOutput = z.infer<typeof releaseLimitOutputSchema>;
