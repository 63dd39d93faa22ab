/** Shapes of everything that enters or leaves data. Never imported by value in workflow code. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { cleanupTempFilesInputSchema, cleanupTempFilesOutputSchema } from '../housekeeping/schema.ts';
import { blobRefSchema } from '../values/blobs.schema.ts';
import { CELL_FIXES, EXPORT_FORMATS, ROW_FIXES, VALUE_KINDS } from './vocabulary.ts';

const count = z.int().nonnegative();

export const fileIdSchema = z
  .string()
  .regex(/^[\w.:-]{1,200}$/, 'expected letters, digits and . : _ -')
  .describe('Id of a file');
export const ownerSchema = z.string().min(1).max(200).describe('Id of the user whose file it is');

const MAX_SKIPPED_LINES = 1_000_000;

/** How a file is read; what is not said is seen from its content. */
export const fileOptionsSchema = z.strictObject({
  format: z.enum(['csv', 'xlsx']).optional().describe('Default: seen from the content'),
  delimiter: z
    .string()
    .regex(/^[\t !#-/:-@[\]^_`{-~]$/, 'expected one ASCII character, not a quote, letter or digit')
    .optional()
    .describe('Default: seen from the content'),
  encoding: z
    .string()
    .min(1)
    .max(50)
    .optional()
    .describe('Encoding by a label of the WHATWG Encoding Standard; default: seen from the content'),
  sheet: z.string().min(1).max(100).optional().describe('Sheet of a workbook; default: the first that is visible'),
  skipLines: z.int().min(0).max(MAX_SKIPPED_LINES).optional().describe('Lines before the header that are not read'),
  headerRow: z
    .int()
    .min(1)
    .max(MAX_SKIPPED_LINES + 1)
    .optional()
    .describe('Line that is the header; default: the first that is not blank'),
});

export const profileInputSchema = z.strictObject({
  userId: ownerSchema,
  file: blobRefSchema.describe('What was uploaded'),
  fileId: fileIdSchema.optional().describe('Business key: the same key is the same file; default: this call'),
  ...fileOptionsSchema.shape,
});
export const profileOutputSchema = z.object({
  status: z.literal('profiled'),
  file_id: z.string(),
  rows: count,
  columns: count,
  duplicate_rows: count,
  /** Rows that are no rows of the table, because of their quotes or their number of columns. */
  bad_rows: count,
  /** Number of fixes that the report suggests. */
  fixes: count,
  /** The report as JSON: {@link dataReportSchema}. */
  report: blobRefSchema,
});

/** A number that is exact, or the most that is known: the sign says which. */
const countedSchema = z.object({ count, exact: z.boolean() });
const placeSchema = z.object({ line: z.int(), value: z.string() });

export const dataFixSchema = z.object({
  /** Names the fix in this report, for example `trim:2` for the second column. */
  id: z.string(),
  kind: z.enum([...CELL_FIXES, ...ROW_FIXES]),
  /** Position of the column, from 1; `null` for fixes of rows. */
  column: z.int().nullable(),
  /** Form of the values that are mended: a date such as `DD.MM.YYYY`, or a decimal sign. */
  form: z.string().optional(),
  /** Cells or rows that it changes when it is applied alone. */
  changes: count,
  /** `false` when the file is so large that there may be more. */
  exact: z.boolean(),
  example: z.object({ line: z.int(), before: z.string(), after: z.string() }).nullable(),
});

export const dataColumnSchema = z.object({
  name: z.string(),
  /** The narrowest kind that holds for at least 95 % of the values; `null` for a column without one. */
  kind: z.enum(VALUE_KINDS).nullable(),
  /** Values of each kind. */
  kinds: z.partialRecord(z.enum(VALUE_KINDS), count),
  empty: count,
  /** Cells of a workbook whose value cannot be known, such as `#REF!`. */
  unreadable: count,
  distinct: countedSchema,
  shortest: count,
  longest: count,
  examples: z.array(z.string()),
  /** Figures of the numbers of the column; `null` when it has none. */
  numbers: z
    .object({
      min: z.number(),
      max: z.number(),
      mean: z.number(),
      /** First quartile, median and third quartile; of a sample in a long column. */
      quartiles: z.tuple([z.number(), z.number(), z.number()]),
      /** Numbers that lie more than three times the distance of the quartiles outside of them. */
      outliers: countedSchema.extend({ examples: z.array(placeSchema) }),
    })
    .nullable(),
});

export const dataReportSchema = z.object({
  format: z.enum(['csv', 'xlsx']),
  encoding: z.string(),
  delimiter: z.string(),
  sheet: z.string().optional(),
  rows: count,
  empty_rows: count,
  bad_rows: z.object({ count, examples: z.array(z.object({ line: z.int(), reason: z.string() })) }),
  duplicate_rows: countedSchema.extend({ examples: z.array(z.object({ line: z.int(), first: z.int() })) }),
  columns: z.array(dataColumnSchema),
  fixes: z.array(dataFixSchema),
});

const businessKey = z.string().regex(/^[\w.:-]{1,200}$/, 'expected letters, digits and . : _ -');
const owned = { userId: ownerSchema, fileId: fileIdSchema };

export const fixIdsSchema = z
  .array(z.string().max(40))
  .min(1)
  .max(6_002)
  .describe('Ids of fixes, as the report names them; default: all');

export const cleanInputSchema = z.strictObject({
  ...owned,
  fixes: fixIdsSchema.optional(),
  cleaningId: businessKey.optional().describe('Business key: the same key is the same cleaning; default: this call'),
});
export const cleanOutputSchema = z.object({
  status: z.literal('cleaned'),
  file_id: z.string(),
  cleaning_id: z.string(),
  /** Rows of the table now. */
  rows: count,
  changed_cells: count,
  removed_rows: count,
  /** Each change as a line of JSON, with the value before. */
  changes: blobRefSchema,
});

export const undoCleanInputSchema = z.strictObject({ ...owned, cleaningId: businessKey });
export const undoCleanOutputSchema = z.object({
  status: z.literal('undone'),
  file_id: z.string(),
  cleaning_id: z.string(),
});

export const exportInputSchema = z.strictObject({
  ...owned,
  format: z.enum(EXPORT_FORMATS),
  exportId: businessKey.optional().describe('Business key: the same key is the same export; default: this call'),
});
export const exportOutputSchema = z.object({
  status: z.literal('exported'),
  file_id: z.string(),
  export_id: z.string(),
  format: z.enum(EXPORT_FORMATS),
  rows: count,
  /** Rows that are none of the table, or hold nothing. */
  left_out: count,
  file: blobRefSchema,
});

/** Input and output of each task of the domain. */
export const dataTaskSchemas = {
  'data.cleanupTempFiles': { input: cleanupTempFilesInputSchema, output: cleanupTempFilesOutputSchema },
  'data.profile': { input: profileInputSchema, output: profileOutputSchema },
  'data.clean': { input: cleanInputSchema, output: cleanOutputSchema },
  'data.undoClean': { input: undoCleanInputSchema, output: undoCleanOutputSchema },
  'data.export': { input: exportInputSchema, output: exportOutputSchema },
} as const;

/** What the domain contributes to the schemas. */
export const dataSchemas = { tasks: dataTaskSchemas } as const satisfies DomainSchemas;

export type FileOptions = z.infer<typeof fileOptionsSchema>;
export type ProfileInput = z.infer<typeof profileInputSchema>;
export type ProfileOutput = z.infer<typeof profileOutputSchema>;
export type DataFix = z.infer<typeof dataFixSchema>;
export type DataColumn = z.infer<typeof dataColumnSchema>;
export type DataReport = z.infer<typeof dataReportSchema>;
export type CleanInput = z.infer<typeof cleanInputSchema>;
export type CleanOutput = z.infer<typeof cleanOutputSchema>;
export type UndoCleanInput = z.infer<typeof undoCleanInputSchema>;
export type UndoCleanOutput = z.infer<typeof undoCleanOutputSchema>;
export type ExportInput = z.infer<typeof exportInputSchema>;
export type ExportOutput = z.infer<typeof exportOutputSchema>;
