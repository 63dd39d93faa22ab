/** Shapes that only the routes of documents have: parameters, envelopes and progress. */
import { z } from 'zod';
import { blobRefSchema } from '../../contracts/values/blobs.schema.ts';
import {
  backendSchema,
  batchOcrInputSchema,
  batchOutcomeSchema,
  documentIdSchema,
  documentSchema,
  extractInvoiceOutputSchema,
  readingOptionsSchema,
  hintSchema,
  unreadSchema,
} from '../../contracts/documents/schema.ts';
import { pageOf, pageShape } from '../http/paging.ts';
import { DOCUMENT_STATUSES, MAX_BATCH, PAGE_STATES, type BatchProgress } from '../../contracts/documents/vocabulary.ts';

export const documentParams = z.object({ id: documentIdSchema });
export const batchParams = z.object({ id: z.string().min(1).max(200).describe('Id of a batch') });

export const listQuery = z.strictObject({
  status: z.enum(DOCUMENT_STATUSES).optional(),
  search: z.string().trim().min(1).max(500).optional().describe('Words that must stand in the recognised text'),
  ...pageShape({ usual: 50 }),
});
export const outcomesQuery = z.strictObject({
  ...pageShape({ most: 1_000 }),
});
export const uploadQuery = z.strictObject({
  read: z.enum(['true', 'false']).default('false').describe('Start reading each file as well'),
});
export const resultQuery = z.strictObject({
  format: z
    .enum(['json', 'text', 'pdf', 'pdfa'])
    .default('json')
    .describe(
      '`pdf`: the PDF that was uploaded with its recognised text added, or pictures of the pages of other files; `pdfa`: pictures of all pages as PDF/A-2b',
    ),
});
export const pagesQuery = z.strictObject({
  words: z.enum(['true', 'false']).default('false').describe('With every word, its confidence and its place'),
  ...pageShape(),
});

export const readingBody = readingOptionsSchema.partial().strict();
export const manyBody = z.strictObject({
  documentIds: z.array(documentIdSchema).min(1).max(5_000),
  backend: backendSchema.optional(),
});

const {
  resume: _resume,
  documentIds: _ids,
  paths: _paths,
  manifest: _manifest,
  ...batchOptions
} = batchOcrInputSchema.shape;

/** `batchOcrInputSchema` without `resume`, which has its own route, and with longer lists, which the client moves to a manifest. */
export const batchBody = z
  .strictObject({
    documentIds: z.array(z.string().min(1).max(200)).max(MAX_BATCH).optional().describe('Ids of known documents'),
    paths: z
      .array(z.string().min(1).max(4_096))
      .max(MAX_BATCH)
      .optional()
      .describe('Files and folders inside the allowed folders'),
    manifest: blobRefSchema.optional().describe('JSON lines, each {"documentId": …} or {"path": …}'),
    ...batchOptions,
  })
  .refine((body) => [body.documentIds, body.paths, body.manifest].filter((x) => x !== undefined).length === 1, {
    message: 'expected exactly one of documentIds, paths and manifest',
  });

export const documentListSchema = pageOf(documentSchema);
export const uploadedSchema = z.object({ documents: z.array(documentSchema) });
export const documentResultSchema = z.object({
  document_id: documentIdSchema,
  name: z.string(),
  text: z.string(),
  confidence: z.number().nullable(),
  state: z.enum(PAGE_STATES),
  unread: z.array(unreadSchema),
  hints: z.array(hintSchema),
  pages: z.array(
    z.object({
      page: z.int(),
      text: z.string(),
      confidence: z.number(),
      engine: z.string(),
      state: z.enum(PAGE_STATES),
      language: z.string().nullable().describe('Languages it was recognised with; null where nothing was recognised'),
    }),
  ),
});
export const wordSchema = z.object({
  text: z.string(),
  confidence: z.number(),
  box: z.array(z.number()).length(4).describe('Left, top, right, bottom as fractions of the upright page'),
  line: z.int(),
});
export const pageReadingSchema = z.object({
  page: z.int(),
  text: z.string(),
  confidence: z.number(),
  width: z.number(),
  height: z.number(),
  rotation: z.int(),
  skew: z.number(),
  state: z.enum(PAGE_STATES),
  unread: z.array(unreadSchema.omit({ page: true })).optional(),
  origin: z.enum(['ocr', 'text-layer', 'mixed']),
  engine: z.string(),
  language: z.string().optional(),
  hint: z.string().optional(),
  fallbackReason: z.string().optional(),
  words: z.array(wordSchema).optional(),
});
export const pagesSchema = pageOf(pageReadingSchema);
export const invoiceResultSchema = extractInvoiceOutputSchema;
export const queuedSchema = z.object({
  status: z.literal('queued'),
  document_id: documentIdSchema,
  task_id: z.string(),
});
export const queuedManySchema = z.object({
  status: z.literal('queued'),
  total_documents: z.int(),
  tasks: z.array(z.object({ document_id: documentIdSchema, task_id: z.string() })),
});

export const progressSchema = z.object({
  phase: z.enum(['preparing', 'reading', 'finishing', 'finished', 'cancelled']),
  paused: z.boolean(),
  total: z.int(),
  completed: z.int(),
  failed: z.int(),
  missing: z.int(),
  inFlight: z.int(),
  startedAt: z.string().nullable(),
  remainingMs: z.int().nullable(),
}) satisfies z.ZodType<Omit<BatchProgress, 'startedAt'>>;

export const batchSchema = z.object({
  id: z.string().describe('Also the id of the workflow in the Web UI'),
  status: z
    .enum(['running', 'completed', 'failed', 'cancelled', 'terminated', 'timed-out', 'gone'])
    .describe('`gone`: deleted, or ended longer ago than the Temporal server remembers'),
  progress: progressSchema.describe('From the running batch, or from the database when nobody answers for it'),
});
export const outcomesSchema = pageOf(batchOutcomeSchema);
