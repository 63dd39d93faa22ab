/** Shapes in which API, CLI and client show imports and their rows. */
import { IMPORT_STATUSES, type ROW_FORMATS } from './vocabulary.ts';
import { z } from 'zod';
import { failureSchema } from '../failures/schema.ts';
import { blobRefSchema } from '../values/blobs.schema.ts';
import { utcInstantSchema } from '../values/instant.schema.ts';
import { importCountsSchema, importInputSchema, importLayoutSchema } from './schema.ts';

/** The options of an import that say how its file is read and saved. */
export const importOptionsSchema = importInputSchema.pick({
  key: true,
  format: true,
  delimiter: true,
  encoding: true,
  sheet: true,
  skipLines: true,
  headerRow: true,
  map: true,
  dateFormat: true,
  decimal: true,
  onConflict: true,
});

/** An import as API and CLI show it. */
export const importViewSchema = z.object({
  id: z.string(),
  /** Run of the workflow; the rows of the import carry it. */
  runId: z.string(),
  status: z.enum(IMPORT_STATUSES),
  schema: z.string(),
  dataset: z.string().nullable(),
  /** URL without its query, path, or `upload`. */
  source: z.string(),
  dryRun: z.boolean(),
  /** Options as the import was given them; those that were not given are absent. */
  options: importOptionsSchema,
  ...importCountsSchema.shape,
  bytes: z.int().nullable(),
  doneBytes: z.int(),
  layout: importLayoutSchema.nullable(),
  rejects: blobRefSchema.nullable(),
  failure: failureSchema.nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});

/** One page of a list of imports; `next` is the id after which the next page begins. */
export const importPageSchema = z.object({ imports: z.array(importViewSchema), next: z.string().nullable() });

/** One saved row of an import. */
export const importedRowSchema = z.object({
  /** Line of the file or row of the sheet, from 1. */
  line: z.int(),
  /** Identifies the row in its table or dataset. */
  key: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** One page of the rows of an import; `next` is what the next page begins after. */
export const importedRowPageSchema = z.object({ rows: z.array(importedRowSchema), next: z.string().nullable() });

/** Which imports a list shows. */
export const importFilterSchema = z.object({
  status: z.enum(IMPORT_STATUSES).optional(),
  schema: z.string().min(1).max(100).optional().describe('Name of a schema'),
  dataset: z.string().min(1).max(100).optional().describe('Name of a dataset'),
  source: z.string().min(1).max(300).optional().describe('Part of the address or the path'),
  since: utcInstantSchema.optional().describe('Started at or after this time'),
  until: utcInstantSchema.optional().describe('Started before this time'),
  after: z.string().min(1).max(1_000).optional().describe('`next` of the page before'),
});

export type ImportOptions = z.infer<typeof importOptionsSchema>;
export type ImportView = z.infer<typeof importViewSchema>;
export type ImportPage = z.infer<typeof importPageSchema>;
export type ImportedRow = z.infer<typeof importedRowSchema>;
export type ImportedRowPage = z.infer<typeof importedRowPageSchema>;
export type ImportFilter = z.infer<typeof importFilterSchema>;
export type RowFormat = (typeof ROW_FORMATS)[number];

/**
 * Picks the options of reading and saving from the input of an import.
 * @param input - any value, because a run that was refused may have been given anything
 */
export function importOptionsOf(input: object): ImportOptions {
  const given = new Map<string, unknown>(Object.entries(input));
  const valid = Object.entries(importOptionsSchema.shape).flatMap(([name, schema]) => {
    const { success, data } = schema.safeParse(given.get(name));
    return success && data !== undefined ? [[name, data] as const] : [];
  });
  return Object.fromEntries(valid);
}
