import type { FollowOptions, JobHandle, JobName } from '../connection/jobs.ts';
import type {
  BatchSummary,
  BatchOcrInput,
  ReadingOptions,
  ExtractInvoiceOutput,
} from '../../contracts/documents/schema.ts';
import type { BatchProgress, ProcessDocumentResult, OcrBackend } from '../../contracts/documents/vocabulary.ts';

/**
 * A started batch.
 *
 * @example
 * ```ts
 * const batch = perennial.documents.getBatch('invoices');
 * await batch.pause();
 * console.log((await batch.progress()).completed);
 * await batch.resume();
 * ```
 */
export interface BatchHandle extends JobHandle<BatchSummary> {
  progress(): Promise<BatchProgress>;
  /** Starts no further documents until `resume`; running ones end normally. @throws Ended */
  pause(): Promise<void>;
  /** Ends a pause. To continue a cancelled batch use `resumeBatch`. @throws Ended */
  resume(): Promise<void>;
  /** Yields the progress whenever it changes, and ends with the batch. */
  follow(options?: FollowOptions): AsyncIterable<BatchProgress>;
}

/**
 * Input of a batch. Lists may hold up to 100,000 entries; the client stores long ones as a manifest.
 *
 * @example
 * ```ts
 * import type { BatchStart } from './client/index.ts';
 *
 * const start: BatchStart = { paths: ['/srv/scans'], language: 'eng+deu', window: 100 };
 * await perennial.documents.batchOcr(start, { id: 'scans-of-january' });
 * ```
 */
export type BatchStart = Omit<BatchOcrInput, 'resume'>;

/**
 * Options for reading one document; omitted ones have the worker's defaults.
 *
 * @example
 * ```ts
 * import type { ProcessOptions } from './client/index.ts';
 *
 * const options: ProcessOptions = { backend: 'tesseract', language: 'deu' };
 * await perennial.documents.process('2f1c7f3e-6c1b-4b7e-9d0a-6a1f7c9b8e21', options);
 * ```
 */
export type ProcessOptions = { readonly [K in keyof ReadingOptions]?: ReadingOptions[K] | undefined };

/**
 * Result of `processMany`.
 *
 * @example
 * ```ts
 * const { total_documents, tasks } = await perennial.documents.processMany(['2f1c7f3e-6c1b-4b7e-9d0a-6a1f7c9b8e21']);
 * console.log(total_documents, tasks[0]?.task_id);
 * ```
 */
export interface QueuedDocuments {
  readonly status: 'queued';
  readonly total_documents: number;
  readonly tasks: readonly { readonly document_id: string; readonly task_id: string }[];
}

/**
 * Jobs of the documents domain. Inputs are checked before anything is started (`InvalidInput`).
 *
 * @example
 * ```ts
 * const batch = await perennial.documents.batchOcr({ paths: ['/srv/scans'] }, { id: 'invoices' });
 * for await (const { completed, total } of batch.follow()) console.log(`${completed} of ${total}`);
 * ```
 */
export interface DocumentJobs {
  /**
   * Starts a batch, or joins the batch with this id that is running or done.
   *
   * @throws Conflict the id belongs to a batch of other documents or options
   */
  batchOcr(input: BatchStart, options?: JobName): Promise<BatchHandle>;
  /** Returns the handle of a batch by its workflow id or the caller's id, without a request to the server. */
  getBatch(id: string): BatchHandle;
  /**
   * Continues a batch: ends its pause, or starts it again after a cancellation or a failure. With `known`, the caller vouches
   * that the batch exists although the server may have deleted its history.
   */
  resumeBatch(id: string, options?: { readonly known?: boolean }): Promise<BatchHandle>;
  /** Reads one document; a second call joins the running job. @throws Conflict the running job has other options */
  process(documentId: string, options?: ProcessOptions): Promise<JobHandle<ProcessDocumentResult>>;
  /** Starts one job per document and returns at once. */
  processMany(documentIds: readonly string[], backend?: OcrBackend): Promise<QueuedDocuments>;
  /** Finds the fields of an invoice in a document that has been read. */
  extractInvoice(documentId: string): Promise<JobHandle<ExtractInvoiceOutput>>;
}
