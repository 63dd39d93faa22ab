/** The port for stored documents, pages and batches. */
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type {
  BatchItem,
  BatchOutcome,
  DocumentOutcome,
  DocumentView,
  ReadingOptions,
} from '../../contracts/documents/schema.ts';
import type { DocumentStatus, PageState } from '../../contracts/documents/vocabulary.ts';
import type { InvoiceData } from '../invoices/port.ts';
import type { PageReading } from '../ocr/port.ts';

/** Where the bytes of a document are: a file inside the allowed folders, or a blob. */
export type DocumentSource =
  { readonly kind: 'path'; readonly path: string } | { readonly kind: 'blob'; readonly ref: BlobRef };

/** A document before it is stored. */
export interface NewDocument {
  readonly id: string;
  /** The file's own name, shown to people. */
  readonly name: string;
  readonly source: DocumentSource;
  readonly userId?: string;
}

/** The fields of a document that reading needs. */
export interface StoredDocument {
  readonly id: string;
  readonly name: string;
  readonly source: DocumentSource;
  readonly status: DocumentStatus;
  /** The options with which the stored pages were read; `null` before the first page. */
  readonly readingKey: string | null;
  readonly pages: number | null;
}

/** One entry of a batch before it is stored. */
export interface NewBatchItem {
  readonly position: number;
  /** `null` when the document does not exist. */
  readonly documentId: string | null;
  readonly name: string;
  /** Set when the entry will not be read, because it is missing, a duplicate or refused. */
  readonly outcome?: Pick<BatchOutcome, 'status' | 'failure'>;
}

/** Progress of a batch. */
export interface BatchCounts {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly missing: number;
}

/** The result of a document: its text and the readings of its pages. */
export interface DocumentResult {
  readonly text: string;
  /** Mean over the pages that are not blank; `null` when all are. */
  readonly confidence: number | null;
  readonly state: PageState;
  /** Places that could not be read, by page. */
  readonly unread: NonNullable<DocumentView['unread']>;
  /** What a person should know, by page, for example that it looks like another language. */
  readonly hints: NonNullable<DocumentView['hints']>;
  readonly pages: readonly {
    readonly page: number;
    readonly text: string;
    readonly confidence: number;
    readonly engine: string;
    readonly state: PageState;
    /** What it was recognised with, as codes joined by `+`; `null` where nothing was recognised. */
    readonly language: string | null;
  }[];
}

/** Selects documents for a listing. */
export interface DocumentQuery {
  readonly status?: DocumentStatus;
  /** Words that the recognised text must contain. */
  readonly search?: string;
  readonly limit: number;
  /** Id after which the listing continues: `next` of the page before. */
  readonly after?: string;
}

/** The pages after one, at most `limit`. */
export interface PageRange {
  /** Index of the page before the first; -1 for the first page. */
  readonly after: number;
  readonly limit: number;
}

/** Some pages of a document. */
export interface PagesRead {
  readonly items: readonly PageReading[];
  /** Index after which the rest begins; null when there is none. */
  readonly next: number | null;
}

/** Documents and their pages. Every write may be repeated without a further effect. */
export interface DocumentStore {
  add(documents: readonly NewDocument[]): Promise<void>;
  find(id: string): Promise<StoredDocument | undefined>;
  /** Returns which of these ids exist, with their names. */
  names(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  view(id: string): Promise<DocumentView | undefined>;
  list(query: DocumentQuery): Promise<{ readonly documents: readonly DocumentView[]; readonly next: string | null }>;
  /** Returns the stored result (`ocr_result`); `undefined` until the document is completed. */
  result(id: string): Promise<DocumentResult | undefined>;
  /** Returns the stored result as JSON with id and name, or its text; `undefined` until the document is completed. */
  resultAs(id: string, form: 'json' | 'text'): Promise<string | undefined>;
  /** Moves a document to `processing` and deletes pages that were read under another key. */
  begin(id: string, readingKey: string, facts: { readonly pages: number; readonly mediaType: string }): Promise<void>;
  /** Returns the pages that were read under this key. */
  pagesRead(id: string, readingKey: string): Promise<readonly number[]>;
  savePage(id: string, readingKey: string, reading: PageReading): Promise<void>;
  /** Returns the text of the pages that were read under this key, in bytes. */
  textBytes(id: string, readingKey: string): Promise<number>;
  /**
   * Returns the next pages, at least one where there is one and at most as many as a process can take in one turn; with
   * `words: false`, the words are left out.
   */
  pagesAfter(id: string, range: PageRange & { readonly words: boolean }): Promise<PagesRead>;
  /** Yields all pages in order, with a part of them in memory. */
  readings(id: string): AsyncIterable<PageReading>;
  /**
   * Returns the first pages in JSON, a text for each, so that a process that passes them on need not parse them; at least
   * one and at most as many as {@link DocumentStore.pagesAfter}.
   */
  firstPagesAsJson(id: string, limit: number): Promise<readonly string[]>;
  /** Records outcomes of documents, and of their entries when they belong to a batch, in one transaction. */
  saveOutcomes(
    outcomes: readonly DocumentOutcome[],
    batchId: string | undefined,
  ): Promise<{ readonly saved: number; readonly confidence: number }>;
  saveInvoice(id: string, data: InvoiceData): Promise<void>;
  /** Returns the fields of an invoice (`extracted_data`); `undefined` until they are extracted. */
  invoice(id: string): Promise<InvoiceData | undefined>;
}

/** Batches and their entries. Every write may be repeated without a further effect. */
export interface BatchStore {
  /** Creates or finds the batch; returns whether all of its entries are registered. */
  open(
    batchId: string,
    options: ReadingOptions,
  ): Promise<{ readonly options: ReadingOptions; readonly prepared: boolean }>;
  exists(batchId: string): Promise<boolean>;
  addItems(batchId: string, items: readonly NewBatchItem[]): Promise<void>;
  markPrepared(batchId: string): Promise<BatchCounts>;
  counts(batchId: string): Promise<BatchCounts>;
  /** Opens the row of a batch whose run goes on after its end, because somebody has reset it. */
  reopen(batchId: string): Promise<void>;
  /** Returns entries without an outcome, by position. */
  pending(batchId: string, after: number, limit: number): Promise<readonly BatchItem[]>;
  outcomes(batchId: string, after: number, limit: number): Promise<readonly BatchOutcome[]>;
  finish(batchId: string, status: 'finished' | 'cancelled'): Promise<void>;
}
