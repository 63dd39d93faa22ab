/** Shapes of everything that enters or leaves imports. Never imported by value in workflow code. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { blobRefSchema } from '../values/blobs.schema.ts';
import { readingOptionsSchema } from '../documents/schema.ts';
import { failureSchema } from '../failures/schema.ts';
import { ENCODINGS, MAX_VALIDATED_RECORDS, importWorkflows } from './vocabulary.ts';

export const importIdSchema = z.string().min(1).max(1000).describe('Workflow id of the import');
const runIdSchema = z.uuid();

/** Where the file is: exactly one of the three. */
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

/** What an import is started with. */
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
  encoding: z.enum(ENCODINGS).optional().describe('Default: seen from the content'),
  sheet: z.string().min(1).max(100).optional().describe('Sheet of a workbook; default: the first'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'expected 64 hexadecimal digits')
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

/** A file as blobs in the shared store: what was downloaded so far is never downloaded again (P3-18). */
export const storedFileSchema = z.object({
  parts: z.array(blobRefSchema),
  size: z.int().nonnegative(),
  /** Of the whole file, in lower-case hex. */
  sha256: z.string(),
});

/** What looking at the whole file once has shown. */
export const importLayoutSchema = z.object({
  format: z.enum(['csv', 'xlsx']),
  encoding: z.enum(ENCODINGS),
  /** Some lines are valid UTF-8 and others are not: those are rejected one by one. */
  mixedEncoding: z.boolean(),
  delimiter: z.string(),
  header: z.array(z.string()),
  /** Columns that no field of the schema takes. */
  ignored: z.array(z.string()),
  /** Bytes that hold records. */
  bytes: z.int().nonnegative(),
  /** Lines of the file, or rows of the sheet, the header included. */
  lines: z.int().nonnegative(),
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
  /** Records after the header; blank lines are none. */
  read: counts.read,
  /** Rows that are there because of this import (IMPORT-5). */
  saved: counts.saved,
  /** Records that did not meet the schema; each with its reasons in the rejects file. */
  rejected: counts.rejected,
  /** Good records that were not written, because their row was there already or came twice. */
  skipped: counts.skipped,
  /** CSV with line, column, value and reason; absent when nothing was rejected. */
  rejects: blobRefSchema.optional(),
  layout: importLayoutSchema.optional(),
  /** The batch that reads the documents of the list. */
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
  /** The upload that the import was started with, if any; removed when it belongs to imports. */
  upload: blobRefSchema.optional(),
  /** Passed through (IMPORT-6). */
  result: importResultSchema.optional(),
});
export const cleanupOutputSchema = z.object({ removed: z.boolean(), result: importResultSchema.optional() });

const recordSchema = z.record(z.string(), z.string());
export const rejectSchema = z.object({
  /** Line of the file, or row of the sheet, from 1. */
  line: z.int(),
  column: z.string(),
  /** Shortened and masked. */
  value: z.string(),
  reason: z.string(),
});
export const validateRecordsInputSchema = z.object({
  schema: z.string().min(1).max(100),
  records: z.array(recordSchema).max(MAX_VALIDATED_RECORDS),
});
export const validateRecordsOutputSchema = z.object({
  /** The good records, unchanged and in order (IMPORT-4). */
  valid: z.array(recordSchema),
  /** `line` counts the records from 1. */
  rejects: z.array(rejectSchema),
});

export const syncSourceSchema = z.object({ url: z.string(), schema: z.string(), dataset: z.string().optional() });
export const listSyncSourcesInputSchema = z.object({}).nullish();
export const listSyncSourcesOutputSchema = z.object({ sources: z.array(syncSourceSchema) });

/** An import as API, CLI and client show it. */
export const importViewSchema = z.object({
  id: z.string(),
  status: z.enum(['running', 'finished', 'failed', 'cancelled', 'terminated', 'timed-out', 'gone']),
  schema: z.string(),
  dataset: z.string().nullable(),
  /** Address without query, path, or `upload`. */
  source: z.string(),
  dryRun: z.boolean(),
  ...counts,
  bytes: z.int().nullable(),
  doneBytes: z.int(),
  layout: importLayoutSchema.nullable(),
  rejects: blobRefSchema.nullable(),
  failure: failureSchema.nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});

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
export type ImportView = z.infer<typeof importViewSchema>;
