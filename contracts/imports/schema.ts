/** Shapes of everything that enters or leaves the imports domain. Workflow code imports only types from here. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { blobRefSchema } from '../values/blobs.schema.ts';
import { readingOptionsSchema } from '../documents/schema.ts';
import { failureSchema } from '../failures/schema.ts';
import { dateFormatOf, DATE_FORMAT_EXPECTED } from './date-format.ts';
import { ENCODING_EXPECTED, encodingOf, ENCODINGS } from './encodings.ts';
import { MAX_COLUMNS, MAX_VALIDATED_RECORDS, importWorkflows } from './vocabulary.ts';

export const importIdSchema = z.string().min(1).max(1000).describe('Workflow id of the import');
const runIdSchema = z.uuid();

/** Location of the file: exactly one of the three fields. */
export const importSourceSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
      .max(2_048)
      .optional()
      .describe('Address; private networks only where the installation allows them'),
    path: z.string().min(1).max(4_096).optional().describe('File inside the allowed folders'),
    blob: blobRefSchema.optional().describe('Something that was uploaded'),
  })
  .refine((source) => Object.values(source).filter((value) => value !== undefined).length === 1, {
    message: 'expected exactly one of url, path and blob',
  });

/** Most lines before the header. */
const MAX_SKIPPED_LINES = 1_000_000;

/** Input of an import. */
export const importInputSchema = z.strictObject({
  source: importSourceSchema,
  schema: z.string().min(1).max(100).optional().describe('Name of the schema; default `records`'),
  dataset: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_.-]{0,99}$/, 'expected lower-case letters, digits, _ . and -')
    .optional()
    .describe('Where rows of the schema `records` go; default `default`'),
  key: z.string().min(1).max(200).optional().describe('Column that tells rows of `records` apart; default: the line'),
  format: z.enum(['csv', 'xlsx']).optional().describe('Default: seen from the content'),
  delimiter: z
    .string()
    .regex(/^[\t !#-/:-@[\]^_`{-~]$/, 'expected one ASCII character, not a quote, letter or digit')
    .optional()
    .describe('Default: seen from the content'),
  encoding: z
    .string()
    .max(50)
    .refine((label) => encodingOf(label) !== undefined, `expected ${ENCODING_EXPECTED}`)
    .optional()
    .describe('Encoding by a label of the WHATWG Encoding Standard; default: seen from the content'),
  sheet: z.string().min(1).max(100).optional().describe('Sheet of a workbook; default: the first that is visible'),
  skipLines: z
    .int()
    .min(0)
    .max(MAX_SKIPPED_LINES)
    .optional()
    .describe('Lines, or rows of a sheet, before the header that are not read; default 0'),
  headerRow: z
    .int()
    .min(1)
    .max(MAX_SKIPPED_LINES + 1)
    .optional()
    .describe('Line, or row of a sheet, that is the header; default: the first that is not blank'),
  map: z
    .record(z.string().min(1).max(200), z.string().trim().min(1).max(200))
    .refine((map) => Object.keys(map).length <= MAX_COLUMNS, `expected at most ${MAX_COLUMNS} columns`)
    .optional()
    .describe('Names that columns are to have, by their name in the file or their position, as in `column 2`'),
  dateFormat: z
    .string()
    .max(40)
    .refine((format) => dateFormatOf(format) !== undefined, `expected ${DATE_FORMAT_EXPECTED}`)
    .optional()
    .describe('How the file writes dates, as in `DD.MM.YYYY`; default `YYYY-MM-DD`'),
  decimal: z.enum(['.', ',']).optional().describe('Decimal sign of the file; default `.`, without signs for thousands'),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'expected 64 hexadecimal digits')
    .optional()
    .describe('Expected checksum of the file'),
  onConflict: z.enum(['update', 'skip']).optional().describe('Rows that are there already; default `update`'),
  dryRun: z.boolean().optional().describe('Read and validate everything, save nothing'),
  startOcr: z
    .union([z.literal(true), readingOptionsSchema.partial().strict()])
    .optional()
    .describe('Start a batch with the documents of the list'),
  window: z.int().min(1).max(64).optional().describe('Ranges of the file in work at once; default 4'),
});

/** A file as blobs in the shared store, so that a retry does not download stored blobs again. */
export const storedFileSchema = z.object({
  parts: z.array(blobRefSchema),
  size: z.int().nonnegative(),
  /** SHA-256 of the whole file in lower-case hex. */
  sha256: z.string(),
});

/** Layout of the file, found by one pass over it. */
export const importLayoutSchema = z.object({
  format: z.enum(['csv', 'xlsx']),
  encoding: z.enum(ENCODINGS),
  /**
   * What the encoding was told by: the caller, a byte order mark, or bytes that are valid in it and hardly in another.
   * One that was told by words is the far likeliest of those that fit.
   */
  encodingFrom: z.enum(['caller', 'mark', 'bytes', 'words']),
  /** Whether some lines are invalid UTF-8; only those lines are rejected. */
  mixedEncoding: z.boolean(),
  delimiter: z.string(),
  header: z.array(z.string()),
  /** Columns that are not imported, because they belong to no field of the schema. */
  ignored: z.array(z.string()),
  /** Size of the records, in bytes. */
  bytes: z.int().nonnegative(),
  /** Number of lines of the file or rows of the sheet, including the header. */
  lines: z.int().nonnegative(),
  /** Name of the sheet that was read; absent for CSV. */
  sheet: z.string().optional(),
  /** Names of the sheets of the workbook that were not read. */
  otherSheets: z.array(z.string()).optional(),
});

const counts = {
  read: z.int().nonnegative(),
  saved: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
};
export const importCountsSchema = z.object(counts);

export const downloadInputSchema = z.object({ importId: importIdSchema, runId: runIdSchema, input: importInputSchema });
export const downloadOutputSchema = z.object({ size: z.int(), sha256: z.string() });

export const parseInputSchema = z.object({ importId: importIdSchema, runId: runIdSchema });
export const parseOutputSchema = z.object({ layout: importLayoutSchema, ranges: z.int().nonnegative() });

export const saveInputSchema = z.object({
  importId: importIdSchema,
  runId: runIdSchema,
  range: z.int().nonnegative(),
});
export const saveOutputSchema = z.object({ ...counts, bytes: z.int().nonnegative() });

export const importResultSchema = z.object({
  importId: z.string(),
  /** `complete`: every record was saved or was there; `partial`: some were rejected; `empty`: there was only a header. */
  status: z.enum(['complete', 'partial', 'empty']),
  dryRun: z.boolean(),
  /** Number of records, without header and blank lines. */
  read: counts.read,
  /** Number of rows that this import wrote. */
  saved: counts.saved,
  /** Number of invalid records; the rejects file lists their reasons. */
  rejected: counts.rejected,
  /** Number of valid records whose row existed already or occurred twice in the file. */
  skipped: counts.skipped,
  /** CSV with line, column, value and reason; absent when nothing was rejected. */
  rejects: blobRefSchema.optional(),
  layout: importLayoutSchema.optional(),
  /** Id of the batch that reads the imported documents. */
  batchId: z.string().optional(),
});
export const finishInputSchema = z.object({
  importId: importIdSchema,
  runId: runIdSchema,
  status: z.enum(['finished', 'failed', 'cancelled']),
  failure: failureSchema.optional(),
});

export const fetchDocumentsInputSchema = z.object({ importId: importIdSchema, runId: runIdSchema });
export const fetchDocumentsOutputSchema = z.object({ fetched: z.int(), refused: z.int() });

export const listDocumentsInputSchema = z.object({ importId: importIdSchema, runId: runIdSchema });
export const listDocumentsOutputSchema = z.object({ documents: z.int(), manifest: blobRefSchema.optional() });

export const cleanupInputSchema = z.object({
  importId: importIdSchema,
  runId: runIdSchema,
  /** The upload that the import was started with; it is deleted when it was made for the import. */
  upload: blobRefSchema.optional(),
  /** Result of the import, which is returned unchanged. */
  result: importResultSchema.optional(),
});
export const cleanupOutputSchema = z.object({ removed: z.boolean(), result: importResultSchema.optional() });

const recordSchema = z.record(z.string(), z.string());
export const rejectSchema = z.object({
  /** Line of the file or row of the sheet, from 1. */
  line: z.int(),
  column: z.string(),
  /** The value, shortened and masked. */
  value: z.string(),
  reason: z.string(),
});
export const validateRecordsInputSchema = z.object({
  schema: z.string().min(1).max(100),
  records: z.array(recordSchema).max(MAX_VALIDATED_RECORDS),
});
export const validateRecordsOutputSchema = z.object({
  /** The valid records, unchanged and in order. */
  valid: z.array(recordSchema),
  /** The invalid records; `line` is the position of a record, from 1. */
  rejects: z.array(rejectSchema),
});

export const syncSourceSchema = z.object({ url: z.string(), schema: z.string(), dataset: z.string().optional() });
export const listSyncSourcesInputSchema = z.object({}).nullish();
export const listSyncSourcesOutputSchema = z.object({ sources: z.array(syncSourceSchema) });

/** Input and output of each task of the domain. */
export const importTaskSchemas = {
  'imports.download': { input: downloadInputSchema, output: downloadOutputSchema },
  'imports.parse': { input: parseInputSchema, output: parseOutputSchema },
  'imports.validateRecords': { input: validateRecordsInputSchema, output: validateRecordsOutputSchema },
  'imports.save': { input: saveInputSchema, output: saveOutputSchema },
  'imports.fetchDocuments': { input: fetchDocumentsInputSchema, output: fetchDocumentsOutputSchema },
  'imports.listDocuments': { input: listDocumentsInputSchema, output: listDocumentsOutputSchema },
  'imports.finish': { input: finishInputSchema, output: importResultSchema },
  'imports.cleanup': { input: cleanupInputSchema, output: cleanupOutputSchema },
  'imports.listSyncSources': { input: listSyncSourcesInputSchema, output: listSyncSourcesOutputSchema },
} as const;

/** What the imports domain contributes to the schemas. */
export const importSchemas = {
  tasks: importTaskSchemas,
  workflows: {
    [importWorkflows.dataImport]: z.tuple([importInputSchema]),
    [importWorkflows.syncExternalData]: z.tuple([]),
  },
} as const satisfies DomainSchemas;

export type ImportInput = z.infer<typeof importInputSchema>;
export type StoredFile = z.infer<typeof storedFileSchema>;
export type ImportLayout = z.infer<typeof importLayoutSchema>;
export type ImportCounts = z.infer<typeof importCountsSchema>;
export type DownloadInput = z.infer<typeof downloadInputSchema>;
export type DownloadOutput = z.infer<typeof downloadOutputSchema>;
export type ParseInput = z.infer<typeof parseInputSchema>;
export type ParseOutput = z.infer<typeof parseOutputSchema>;
export type SaveInput = z.infer<typeof saveInputSchema>;
export type SaveOutput = z.infer<typeof saveOutputSchema>;
export type ImportResult = z.infer<typeof importResultSchema>;
export type FinishInput = z.infer<typeof finishInputSchema>;
export type FetchDocumentsInput = z.infer<typeof fetchDocumentsInputSchema>;
export type FetchDocumentsOutput = z.infer<typeof fetchDocumentsOutputSchema>;
export type ListDocumentsInput = z.infer<typeof listDocumentsInputSchema>;
export type ListDocumentsOutput = z.infer<typeof listDocumentsOutputSchema>;
export type CleanupInput = z.infer<typeof cleanupInputSchema>;
export type CleanupOutput = z.infer<typeof cleanupOutputSchema>;
export type ValidateRecordsInput = z.infer<typeof validateRecordsInputSchema>;
export type ValidateRecordsOutput = z.infer<typeof validateRecordsOutputSchema>;
export type Reject = z.infer<typeof rejectSchema>;
export type SyncSource = z.infer<typeof syncSourceSchema>;
export type ListSyncSourcesInput = z.infer<typeof listSyncSourcesInputSchema>;
export type ListSyncSourcesOutput = z.infer<typeof listSyncSourcesOutputSchema>;
