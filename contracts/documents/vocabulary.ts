/**
 * The vocabulary of the documents domain: states, ids, and names of workflows and messages.
 * No other file repeats these strings.
 */
import { BYTES_PER_MB } from '../values/units.ts';

/** Engine that reads a page first. Another one may take over; the result names the engine that was used. */
export type OcrBackend = 'tesseract' | 'deepseek';

export const OCR_BACKENDS = ['tesseract', 'deepseek'] as const satisfies readonly OcrBackend[];

/** State of a document; `failed` only after the last attempt. */
export type DocumentStatus = 'pending' | 'processing' | 'completed' | 'failed';

export const DOCUMENT_STATUSES = [
  'pending',
  'processing',
  'completed',
  'failed',
] as const satisfies readonly DocumentStatus[];

/** What became of a page: all that was seen is read, some of it is not, or there is nothing to read. */
export type PageState = 'read' | 'partly read' | 'blank';

export const PAGE_STATES = ['read', 'partly read', 'blank'] as const satisfies readonly PageState[];

/** Backend when a caller names none; Tesseract replaces it where it is not configured. */
export const DEFAULT_BACKEND: OcrBackend = 'deepseek';

/** Default options for reading pages. The language is a setting of the workers, `OCR_LANGUAGE`. */
export const DEFAULT_READING = {
  backend: DEFAULT_BACKEND,
  preprocess: true,
  forceOcr: false,
} as const;

/** Most activities of one document in flight at once. With 50 documents that is far below the server's limit of 2,000. */
export const RANGES_PER_DOCUMENT = 8;

/** Most pages that one activity reads; several activities share a longer document. */
export const PAGES_PER_ACTIVITY = 10;

/** Documents whose results are saved in one transaction. */
export const SAVE_CHUNK = 100;

/** Default number of documents of one batch in flight at once. */
export const DEFAULT_WINDOW = 50;

/** Most outcomes that a summary holds inline; a longer list is stored as a blob. */
export const INLINE_OUTCOMES = 500;

/**
 * Most pages that are searched for the fields of an invoice, so that a book cannot be searched as a whole; fewer where
 * pages hold more than those of an invoice.
 */
export const INVOICE_PAGES = 50;

/** Longest text of a document, in bytes; a book of 5,000 pages has 15 MB. */
export const MAX_TEXT_BYTES = 16 * BYTES_PER_MB;

/** Most documents in one batch. */
export const MAX_BATCH = 100_000;

/** Names of the workflows; callers of the `temporal` command use them too. */
export const documentWorkflows = {
  batchOcr: 'batchOcr',
  processDocumentOcr: 'processDocumentOcr',
  extractInvoiceData: 'extractInvoiceData',
} as const;

/** Names of the messages that a running batch handles. */
export const batchMessages = { progress: 'progress', pause: 'pause', resume: 'resume' } as const;

const PREFIXES = {
  batchOcr: 'batch-ocr-',
  processDocumentOcr: 'document-ocr-',
  extractInvoiceData: 'invoice-',
} as const;

/** Returns the workflow id of a job. It is a business key, so that starting the same job twice is one job. */
export function documentWorkflowId(workflow: keyof typeof PREFIXES, key: string): string {
  return PREFIXES[workflow] + key;
}

/** Parses an id of {@link documentWorkflowId}; `undefined` for an id of another domain. */
export function parseDocumentWorkflowId(id: string): { workflow: keyof typeof PREFIXES; key: string } | undefined {
  for (const workflow of Object.keys(PREFIXES) as (keyof typeof PREFIXES)[]) {
    // the keys of a constant of this file
    if (id.startsWith(PREFIXES[workflow])) return { workflow, key: id.slice(PREFIXES[workflow].length) };
  }
  return undefined;
}

/** Answer of a batch to the query `progress`; it costs the same for any number of documents. */
export interface BatchProgress {
  readonly phase: 'preparing' | 'reading' | 'finishing' | 'finished' | 'cancelled';
  readonly paused: boolean;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly missing: number;
  /** Documents that are being read or wait for a reader. */
  readonly inFlight: number;
  /** Start of the batch, ISO 8601. */
  readonly startedAt: string;
  /** Estimated time left, in milliseconds; `null` before the first document has ended. */
  readonly remainingMs: number | null;
}

/** Result of `processDocumentOcr`. */
export interface ProcessDocumentResult {
  readonly status: 'success';
  readonly document_id: string;
  /** 0…1; 0.0 when nothing was recognised. */
  readonly confidence: number;
}
