/** What a caller can do with Perennial. The API and the CLI know only these types, so tests can put a fake in their place. */
import type { CanvasJobs } from './canvas-types.ts';
import type {
  BatchOcrInput,
  BatchSummary,
  ExtractInvoiceOutput,
  ReadingOptions,
} from '../contracts/documents.schema.ts';
import type { ReportJobs } from './report-types.ts';
import type { BatchProgress, OcrBackend, ProcessDocumentResult } from '../contracts/documents.ts';
import type { HousekeepingJobs } from './housekeeping-types.ts';
import type { EmailJobs } from './email-types.ts';
import type { TaskInput, TaskName, TaskOutput } from '../contracts/catalogue.ts';
import type { QueueControls } from './queue-types.ts';
import type { ScheduleJobs } from './schedule-types.ts';
import type { ImportJobs } from './import-types.ts';
import type { TaskCaller, TaskJobs } from './task-types.ts';

/** Where a job stands, as the Temporal server knows it: true even when no worker is running. */
export type JobStatus = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out';

/** A started job. Every method throws `NotFound` for an id that nobody started, and `Unavailable` when the server is away. */
export interface JobHandle<Result> {
  /** The workflow id: what the Web UI and `temporal workflow show` call it. */
  readonly id: string;
  /**
   * Waits for the result, through restarts of the server.
   *
   * @throws PerennialError the job failed; `type`, class and message tell why
   * @throws Stopped the job was cancelled, terminated or ran out of time
   */
  result(options?: WaitOptions): Promise<Result>;
  status(): Promise<JobStatus>;
  /** Asks the job to stop; what is done stays done. Returns before it has stopped; harmless when it is over. */
  cancel(): Promise<void>;
}

/** How long to wait. */
export interface WaitOptions {
  /** Gives up with `Unavailable` after this many milliseconds. @defaultValue for ever */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** How often and how long to look. */
export interface FollowOptions {
  /** Milliseconds between two looks. @defaultValue 500 */
  readonly intervalMs?: number;
  /** Milliseconds during which nobody may answer before `Unavailable` is thrown. @defaultValue 60,000 */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

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

/** A connection to Perennial. */
export interface PerennialClient {
  /** One task of the catalogue, typed by its name: `client.task('samples.add').call({ a: 1, b: 2 })`. */
  task<N extends TaskName>(name: N): TaskCaller<TaskInput<N>, TaskOutput<N>>;
  readonly tasks: TaskJobs;
  /** Compositions of tasks: chains, groups, chords and what they are made of. */
  readonly canvas: CanvasJobs;
  readonly queues: QueueControls;
  readonly documents: DocumentJobs;
  readonly reports: ReportJobs;
  readonly housekeeping: HousekeepingJobs;
  readonly email: EmailJobs;
  readonly imports: ImportJobs;
  readonly schedules: ScheduleJobs;
  /** Succeeds when the Temporal server answers. @throws Unavailable */
  ping(): Promise<void>;
  /** Worker processes that are polling; 0 as soon as one of the queues has none, because jobs would then stand still. */
  countWorkers(): Promise<number>;
  close(): Promise<void>;
}
