/** Shapes that only the routes of imports have. */
import { z } from 'zod';
import { importInputSchema } from '../../contracts/imports/schema.ts';
import { importedRowSchema, importFilterSchema, importViewSchema } from '../../contracts/imports/view.schema.ts';
import { pageOf, pageShape } from '../http/paging.ts';
import { type ImportProgress, ROW_FORMATS } from '../../contracts/imports/vocabulary.ts';

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
const digits = z
  .string()
  .regex(/^\d{1,7}$/, 'expected a whole number')
  .transform(Number);
const mapping = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (Array.isArray(given) ? given : [given]).map((text) => splitAtLast(text)))
  .pipe(z.array(z.tuple([z.string(), z.string()], 'expected COLUMN=NAME')))
  .transform((pairs) => Object.fromEntries(pairs))
  .pipe(importInputSchema.shape.map.unwrap());

/** Splits `column=name`; a column may hold an equals sign, the name may not. */
function splitAtLast(text: string): string[] {
  const at = text.lastIndexOf('=');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

export const uploadQuery = z.strictObject({
  ...options,
  skipLines: digits.pipe(importInputSchema.shape.skipLines.unwrap()).optional(),
  headerRow: digits.pipe(importInputSchema.shape.headerRow.unwrap()).optional(),
  map: mapping.optional().describe('`COLUMN=NAME`, repeated for several columns'),
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

const { after: _after, ...importFilter } = importFilterSchema.shape;
export const importsQuery = z.strictObject({ ...importFilter, ...pageShape() });
export const importListSchema = pageOf(importViewSchema);
export const rowsQuery = z.strictObject(pageShape());
export const rowListSchema = pageOf(importedRowSchema);
export const exportQuery = z.strictObject({ format: z.enum(ROW_FORMATS).default('csv') });
export const importSchemasSchema = z.object({ schemas: z.record(z.string(), z.unknown()) });
