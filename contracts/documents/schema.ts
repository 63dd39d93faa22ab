/** Shapes of everything that enters or leaves the documents domain. Workflow code imports only types from here. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { OCR_BACKENDS, PAGE_STATES, documentWorkflows } from './vocabulary.ts';
import { blobRefSchema } from '../values/blobs.schema.ts';
import { failureSchema } from '../failures/schema.ts';

export const documentIdSchema = z.uuid().describe('Id of a document');
export const backendSchema = z.enum(OCR_BACKENDS).describe('Engine that is asked first');
/** What {@link languageSchema} accepts, for messages. */
export const LANGUAGES_EXPECTED = "auto, or Tesseract's codes such as eng or eng+deu";
export const languageSchema = z
  .string()
  .regex(
    /^([Aa][Uu][Tt][Oo]|[A-Za-z]{3}(_[A-Za-z]+){0,2}(\+[A-Za-z]{3}(_[A-Za-z]+){0,2}){0,4})$/,
    `expected ${LANGUAGES_EXPECTED}`,
  )
  .describe('Languages of the text, as Tesseract codes joined by +; auto: chosen for each page; default OCR_LANGUAGE');

/** Options for reading pages; batches and single documents share them. */
export const readingOptionsSchema = z.object({
  backend: backendSchema,
  language: languageSchema.optional(),
  preprocess: z.boolean().describe('Turn upright, straighten and clean pages before reading'),
  forceOcr: z.boolean().describe('Read the picture of a PDF page even where it has a text layer'),
});

/**
 * Input of a batch: exactly one of `documentIds`, `paths` and `manifest`, or `resume` to continue a stopped batch.
 */
export const batchOcrInputSchema = z
  .strictObject({
    documentIds: z
      .array(z.string().min(1).max(200))
      .max(5_000)
      .optional()
      .describe('Ids of known documents; up to 5,000, more by manifest'),
    paths: z
      .array(z.string().min(1).max(4_096))
      .max(5_000)
      .optional()
      .describe('Files and folders inside the allowed folders'),
    manifest: blobRefSchema.optional().describe('JSON lines, each {"documentId": …} or {"path": …}; up to 100,000'),
    resume: z.literal(true).optional(),
    ...readingOptionsSchema.partial().shape,
    window: z.int().min(1).max(500).optional().describe('Documents in flight at once; default 50'),
  })
  .refine(
    (input) =>
      [input.documentIds, input.paths, input.manifest, input.resume].filter((x) => x !== undefined).length === 1,
    {
      message: 'expected exactly one of documentIds, paths, manifest and resume',
    },
  );

export const prepareBatchInputSchema = z.object({ batchId: z.string().min(1).max(1000), input: batchOcrInputSchema });
export const prepareBatchOutputSchema = z.object({
  /** Number of entries, including missing and duplicate ones. */
  total: z.int(),
  completed: z.int(),
  failed: z.int(),
  missing: z.int(),
  options: readingOptionsSchema,
});

export const nextItemsInputSchema = z.object({
  batchId: z.string(),
  after: z.int().min(-1),
  limit: z.int().min(1).max(1000),
});
export const batchItemSchema = z.object({ position: z.int(), documentId: documentIdSchema });
export const nextItemsOutputSchema = z.object({ items: z.array(batchItemSchema) });

export const readDocumentInputSchema = z.object({
  documentId: documentIdSchema,
  options: readingOptionsSchema,
  /** First page of the range, from 0. */
  firstPage: z.int().nonnegative(),
  /** Most pages that this call reads. */
  maxPages: z.int().min(1).max(100),
});
export const readDocumentOutputSchema = z.object({
  /** Number of pages of the document. */
  pages: z.int(),
  /** Number of pages read by this call; 0 when all of them had been read before. */
  read: z.int(),
});

export const documentOutcomeSchema = z.object({
  position: z.int().nonnegative(),
  documentId: documentIdSchema,
  /** `released`: stopped before it was read, and back in state `pending`. */
  status: z.enum(['completed', 'failed', 'released']),
  failure: failureSchema.optional(),
});
export const saveDocumentsInputSchema = z.object({
  /** Absent when the document was not read as part of a batch. */
  batchId: z.string().optional(),
  options: readingOptionsSchema,
  outcomes: z.array(documentOutcomeSchema).max(1000),
});
export const saveDocumentsOutputSchema = z.object({
  /** Number of documents that are now `completed`. */
  saved: z.int(),
  /** Mean confidence of the saved documents, 0…1; 0.0 when there is none. */
  confidence: z.number(),
});

export const batchOutcomeSchema = z.object({
  position: z.int(),
  documentId: z.string().nullable(),
  name: z.string(),
  status: z.enum(['completed', 'failed', 'missing', 'pending']),
  pages: z.int().nullable(),
  confidence: z.number().nullable(),
  /** Whether all of it was read; `null` until it is completed. */
  reading: z.enum(PAGE_STATES).nullable(),
  failure: failureSchema.nullable(),
});

export const batchSummarySchema = z.object({
  batchId: z.string(),
  total: z.int(),
  /** Number of documents that this batch completed. */
  saved: z.int(),
  failed: z.int(),
  missing: z.int(),
  pending: z.int(),
  /** One outcome for each entry, in the order of the input; inline up to 500, else absent and in `outcomesRef`. */
  outcomes: z.array(batchOutcomeSchema).optional(),
  /** The same outcomes as JSON lines. */
  outcomesRef: blobRefSchema.optional(),
});
export const summariseBatchInputSchema = z.object({ batchId: z.string(), cancelled: z.boolean() });

export const extractInvoiceInputSchema = z.object({ documentId: documentIdSchema });

const amount = z.string().regex(/^-?\d+(\.\d+)?$/, 'expected a decimal amount such as 12.50');
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly();
const found = <T extends z.ZodType>(value: T) =>
  z.object({
    value,
    confidence: z.number().min(0).max(1),
    page: z.int(),
    box: box.optional(),
    computed: z.literal(true).optional(),
    note: z.string().optional().describe('What is doubtful about the value'),
  });
const percentage = z.string().regex(/^\d+(\.\d+)?$/, 'expected a percentage such as 5.5');

export const invoiceSchema = z.object({
  issuer: found(z.string()).optional(),
  number: found(z.string()).optional(),
  date: found(z.iso.date()).optional(),
  dueDate: found(z.iso.date()).optional(),
  currency: found(z.string().length(3)).optional(),
  total: found(amount).optional(),
  untaxed: found(amount).optional(),
  tax: found(amount).optional(),
  taxes: z
    .array(found(z.object({ rate: percentage, base: amount.optional(), amount: amount.optional() })))
    .readonly()
    .optional(),
  issuerVatId: found(z.string()).optional(),
  buyerVatId: found(z.string()).optional(),
  iban: found(z.string()).optional(),
  bic: found(z.string()).optional(),
  lines: z
    .array(
      found(
        z.object({
          description: z.string(),
          quantity: z.string().optional(),
          unitPrice: amount.optional(),
          amount: amount.optional(),
          taxRate: percentage.optional(),
        }),
      ),
    )
    .readonly(),
});
export const extractInvoiceOutputSchema = z.object({
  status: z.literal('success'),
  document_id: z.string(),
  entities: invoiceSchema,
});

/** A place on a page that could not be read. */
export const unreadSchema = z.object({
  page: z.int().describe('Index of the page, from 0'),
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly(),
  reason: z.string(),
});

/** What a person should know about the reading of a page. */
export const hintSchema = z.object({ page: z.int().describe('Index of the page, from 0'), text: z.string() });

/** A document as API, CLI and client show it. */
export const documentSchema = z.object({
  id: documentIdSchema,
  name: z.string(),
  status: z.enum(['pending', 'processing', 'completed', 'failed']),
  mediaType: z.string().nullable(),
  pages: z.int().nullable(),
  confidence: z.number().nullable().describe('Mean over the pages that are not blank, 0…1'),
  reading: z
    .enum(PAGE_STATES)
    .nullable()
    .describe('Whether all of it was read; partly read: unread tells what is missing'),
  unread: z.array(unreadSchema).readonly().nullable().describe('Places that could not be read'),
  hints: z
    .array(hintSchema)
    .readonly()
    .nullable()
    .describe('What a person should know about pages, for example their language'),
  engine: z.string().nullable(),
  fallbackReason: z.string().nullable(),
  failure: failureSchema.nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  completedAt: z.iso.datetime().nullable(),
});

/** Input and output of each task of the domain. */
export const documentTaskSchemas = {
  'documents.prepareBatch': { input: prepareBatchInputSchema, output: prepareBatchOutputSchema },
  'documents.nextItems': { input: nextItemsInputSchema, output: nextItemsOutputSchema },
  'documents.readDocument': { input: readDocumentInputSchema, output: readDocumentOutputSchema },
  'documents.saveDocuments': { input: saveDocumentsInputSchema, output: saveDocumentsOutputSchema },
  'documents.summariseBatch': { input: summariseBatchInputSchema, output: batchSummarySchema },
  'documents.extractInvoice': { input: extractInvoiceInputSchema, output: extractInvoiceOutputSchema },
} as const;

/** What the documents domain contributes to the schemas. */
export const documentSchemas = {
  tasks: documentTaskSchemas,
  workflows: {
    [documentWorkflows.batchOcr]: z.tuple([batchOcrInputSchema]),
    [documentWorkflows.processDocumentOcr]: z.union([
      z.tuple([documentIdSchema]),
      z.tuple([documentIdSchema, backendSchema]),
      z.tuple([documentIdSchema, backendSchema, readingOptionsSchema.omit({ backend: true }).partial().strict()]),
    ]),
    [documentWorkflows.extractInvoiceData]: z.tuple([documentIdSchema]),
  },
} as const satisfies DomainSchemas;

export type BatchOcrInput = z.infer<typeof batchOcrInputSchema>;
export type ReadingOptions = z.infer<typeof readingOptionsSchema>;
export type PrepareBatchInput = z.infer<typeof prepareBatchInputSchema>;
export type PrepareBatchOutput = z.infer<typeof prepareBatchOutputSchema>;
export type NextItemsInput = z.infer<typeof nextItemsInputSchema>;
export type NextItemsOutput = z.infer<typeof nextItemsOutputSchema>;
export type BatchItem = z.infer<typeof batchItemSchema>;
export type ReadDocumentInput = z.infer<typeof readDocumentInputSchema>;
export type ReadDocumentOutput = z.infer<typeof readDocumentOutputSchema>;
export type DocumentOutcome = z.infer<typeof documentOutcomeSchema>;
export type SaveDocumentsInput = z.infer<typeof saveDocumentsInputSchema>;
export type SaveDocumentsOutput = z.infer<typeof saveDocumentsOutputSchema>;
export type BatchOutcome = z.infer<typeof batchOutcomeSchema>;
export type BatchSummary = z.infer<typeof batchSummarySchema>;
export type SummariseBatchInput = z.infer<typeof summariseBatchInputSchema>;
export type ExtractInvoiceInput = z.infer<typeof extractInvoiceInputSchema>;
export type ExtractInvoiceOutput = z.infer<typeof extractInvoiceOutputSchema>;
export type DocumentView = z.infer<typeof documentSchema>;
