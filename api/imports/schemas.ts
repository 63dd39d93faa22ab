/** Shapes that only the routes of imports have. */
import { z } from 'zod';
import { importInputSchema, importViewSchema } from '../../contracts/imports/schema.ts';
import type { ImportProgress } from '../../contracts/imports/vocabulary.ts';

export const importParams = z.object({ id: z.string().min(1).max(200).describe('Id of an import') });
const { source: _source, window: _window, startOcr: _startOcr, ...options } = importInputSchema.shape;

/** A caller names no blob: uploads have a route of their own, and the blobs of others stay hidden. */
export const startBody = importInputSchema.extend({
  source: z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
        .max(2_048)
        .optional(),
      path: z.string().min(1).max(4_096).optional(),
    })
    .refine(({ url, path }) => (url === undefined) !== (path === undefined), {
      message: 'expected exactly one of url and path',
    }),
});

const truth = z.enum(['true', 'false']).transform((value) => value === 'true');
export const uploadQuery = z.strictObject({
  ...options,
  dryRun: truth.optional().describe('Read and validate everything, save nothing'),
  startOcr: truth.optional().describe('Start a batch with the documents of the list'),
});

export const progressSchema = z.object({
  phase: z.enum(['downloading', 'parsing', 'saving', 'finishing', 'cleaning', 'finished', 'failed', 'cancelled']),
  bytes: z.int(),
  doneBytes: z.int(),
  read: z.int(),
  saved: z.int(),
  rejected: z.int(),
  skipped: z.int(),
  startedAt: z.string(),
  remainingMs: z.int().nullable(),
}) satisfies z.ZodType<ImportProgress>;

export const importListSchema = z.object({ imports: z.array(importViewSchema) });
export const importSchemasSchema = z.object({ schemas: z.record(z.string(), z.unknown()) });
/** Schema and source are unknown until the download has begun. */
export const importSchema = importViewSchema.partial({ schema: true, source: true });
