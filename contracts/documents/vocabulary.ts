/**
 * The vocabulary of the documents domain: states, ids, message names and tasks.
 * No such string is written anywhere else.
 */

/** Which engine is asked to read a page. Others may step in; the result says so. */
export type OcrBackend = 'tesseract' | 'deepseek';

export const OCR_BACKENDS = ['tesseract', 'deepseek'] as const satisfies readonly OcrBackend[];

/** The life of a document (OCR-1). `failed` only when the attempts are used up (P3-30). */
export type DocumentStatus = 'pending' | 'processing' | 'completed' | 'failed';

export const DOCUMENT_STATUSES = [
  'pending',
  'processing',
  'completed',
  'failed',
] as const satisfies readonly DocumentStatus[];

/** Asked first when a caller names no backend (OCR-3); Tesseract steps in where it is not configured. */
export const DEFAULT_BACKEND: OcrBackend = 'deepseek';

/** How pages are read unless the caller says otherwise. */
export const DEFAULT_READING = {
  backend: DEFAULT_BACKEND,
  language: 'eng',
  preprocess: true,
  forceOcr: false,
} as const;

/** Activities of one long document in flight at once, so that 50 such documents stay far below the server's 2,000. */
export const RANGES_PER_DOCUMENT = 8;

/** Pages that one activity reads; longer documents are read by several at once. */
export const PAGES_PER_ACTIVITY = 10;

/** Documents whose results are saved in one transaction (CANVAS-4: chunks of 100). */
export const SAVE_CHUNK = 100;

/** Documents in flight at once in one batch, unless the caller says otherwise. */
export const DEFAULT_WINDOW = 50;

/** Up to this many outcomes stand in the summary itself; more travel by reference. */
export const INLINE_OUTCOMES = 500;

/** Pages of a document that are searched for the fields of an invoice; no invoice is longer, but anybody may ask about a book. */
export const INVOICE_PAGES = 50;

/** Most documents in one batch. */
export const MAX_BATCH = 100_000;

/** Names under which the workflows of this domain are started, also by the `temporal` command. */
export const documentWorkflows = {
  batchOcr: 'batchOcr',
  processDocumentOcr: 'processDocumentOcr',
  extractInvoiceData: 'extractInvoiceData',
} as const;

/** Names of the messages that a running batch understands. */
export const batchMessages = { progress: 'progress', pause: 'pause', resume: 'resume' } as const;

const PREFIXES = {
  batchOcr: 'batch-ocr-',
  processDocumentOcr: 'document-ocr-',
  extractInvoiceData: 'invoice-',
} as const;

/** The workflow id of a job; its business key, so that starting the same job twice is one job (IDEM-4). */
export function documentWorkflowId(workflow: keyof typeof PREFIXES, key: string): string {
  return PREFIXES[workflow] + key;
}

/** The reverse of {@link documentWorkflowId}; `undefined` for an id of another domain. */
export function parseDocumentWorkflowId(id: string): { workflow: keyof typeof PREFIXES; key: string } | undefined {
  for (const workflow of Object.keys(PREFIXES) as (keyof typeof PREFIXES)[]) {
    // the keys of a constant of this file
    if (id.startsWith(PREFIXES[workflow])) return { workflow, key: id.slice(PREFIXES[workflow].length) };
  }
  return undefined;
}

/** What a running batch answers to the `progress` query, at the same cost for ten and for 100,000 documents. */
export interface BatchProgress {
  readonly phase: 'preparing' | 'reading' | 'finishing' | 'finished' | 'cancelled';
  readonly paused: boolean;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly missing: number;
  /** Being read, or waiting for a reader, at this moment. */
  readonly inFlight: number;
  /** ISO time of the first run. */
  readonly startedAt: string;
  /** Estimate of the time left in milliseconds, from the pace so far; `null` before the first document is done. */
  readonly remainingMs: number | null;
}

/** What `processDocumentOcr` returns (OCR-2). */
export interface ProcessDocumentResult {
  readonly status: 'success';
  readonly document_id: string;
  /** 0…1; 0.0 when nothing was recognised. */
  readonly confidence: number;
}
