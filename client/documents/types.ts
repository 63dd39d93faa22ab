import type { JobHandle, FollowOptions } from '../connection/jobs.ts';
import type {
  BatchSummary,
  BatchOcrInput,
  ReadingOptions,
  ExtractInvoiceOutput,
} from '../../contracts/documents/schema.ts';
import type { BatchProgress, ProcessDocumentResult, OcrBackend } from '../../contracts/documents/vocabulary.ts';

/** A started batch. */
export interface BatchHandle extends JobHandle<BatchSummary> {
  progress(): Promise<BatchProgress>;
  /** Lets running documents end and starts no further ones, until `resume`. @throws Ended */
  pause(): Promise<void>;
  /** Ends a pause. For a batch that was cancelled see `resumeBatch`. @throws Ended */
  resume(): Promise<void>;
  /** Gives the progress whenever it has changed, and ends with the batch. */
  follow(options?: FollowOptions): AsyncIterable<BatchProgress>;
}

/** What a batch is started with. Lists may hold up to 100,000 entries: long ones travel as a manifest by themselves. */
export type BatchStart = Omit<BatchOcrInput, 'resume'>;

/** How one document is read; what is left out takes the worker's defaults. */
export type ProcessOptions = { readonly [K in keyof ReadingOptions]?: ReadingOptions[K] | undefined };

/** What `processMany` answers (OCR-4). */
export interface QueuedDocuments {
  readonly status: 'queued';
  readonly total_documents: number;
  readonly tasks: readonly { readonly document_id: string; readonly task_id: string }[];
}

/** Jobs of the documents domain. Inputs are checked before anything is started (`InvalidInput`). */
export interface DocumentJobs {
  /**
   * Starts a batch, or joins it when one with this id is running or done: the
   * same id is the same batch (IDEM-4).
   */
  batchOcr(input: BatchStart, options?: { readonly id?: string | undefined }): Promise<BatchHandle>;
  /** The handle of a batch, by its workflow id or the id it was started with. Does not ask the server. */
  getBatch(id: string): BatchHandle;
  /**
   * Goes on with a batch: ends its pause, or starts it again where a cancel or
   * a failure stopped it. With `known`, somebody who remembers longer than the
   * server's retention vouches that the batch exists.
   */
  resumeBatch(id: string, options?: { readonly known?: boolean }): Promise<BatchHandle>;
  /** Reads one document; a second call while the first runs is the same job. */
  process(documentId: string, options?: ProcessOptions): Promise<JobHandle<ProcessDocumentResult>>;
  /** Starts one job per document and returns at once (OCR-4). */
  processMany(documentIds: readonly string[], backend?: OcrBackend): Promise<QueuedDocuments>;
  /** Finds the fields of an invoice in a document that has been read (OCR-5). */
  extractInvoice(documentId: string): Promise<JobHandle<ExtractInvoiceOutput>>;
}
