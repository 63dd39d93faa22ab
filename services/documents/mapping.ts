/** Converts between rows and the records of the port. */
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { BatchOutcome, DocumentView } from '../../contracts/documents/schema.ts';
import type { DocumentStatus, PageState } from '../../contracts/documents/vocabulary.ts';
import { failureRecord, isFailureType, PerennialError, type FailureRecord } from '../../contracts/failures.ts';
import type { PageReading } from '../ocr/port.ts';
import type { DocumentSource, StoredDocument } from './port.ts';

/** Columns of {@link StoredRow}. */
export const STORED_COLUMNS = 'id, name, file_path, blob, status, reading_key, pages';

/** The columns that reading needs. */
export interface StoredRow {
  readonly id: string;
  readonly name: string;
  readonly file_path: string | null;
  readonly blob: BlobRef | null;
  readonly status: DocumentStatus;
  readonly reading_key: string | null;
  readonly pages: number | null;
}

/** Columns of {@link ViewRow}, without the large ones. */
export const VIEW_COLUMNS = `d.id, d.name, d.status, d.media_type, d.pages, d.ocr_confidence, d.reading, d.unread, d.hints, d.engine, d.fallback_reason,
  d.error_type, d.error_message, d.created_at, d.processing_started_at, d.processing_completed_at`;

/** The columns that API, CLI and client show. */
export interface ViewRow {
  readonly id: string;
  readonly name: string;
  readonly status: DocumentStatus;
  readonly media_type: string | null;
  readonly pages: number | null;
  readonly ocr_confidence: number | null;
  readonly reading: PageState | null;
  readonly unread: DocumentView['unread'];
  readonly hints: DocumentView['hints'];
  readonly engine: string | null;
  readonly fallback_reason: string | null;
  readonly error_type: string | null;
  readonly error_message: string | null;
  readonly created_at: Date;
  readonly processing_started_at: Date | null;
  readonly processing_completed_at: Date | null;
}

/** The fields of a page that have no column of their own. */
export type PageRest = Pick<
  PageReading,
  'width' | 'height' | 'rotation' | 'skew' | 'words' | 'origin' | 'state' | 'unread' | 'language' | 'hint'
>;

/** One row of `document_pages`. */
export interface PageRow {
  readonly page: number;
  readonly text: string;
  readonly confidence: number;
  readonly engine: string;
  readonly fallback_reason: string | null;
  readonly reading: PageRest;
}

/** One row of `batch_items`, joined with its document. */
export interface OutcomeRow {
  readonly position: number;
  readonly document_id: string | null;
  readonly name: string;
  readonly outcome: Exclude<BatchOutcome['status'], 'pending'> | null;
  readonly failure: FailureRecord | null;
  readonly pages: number | null;
  readonly confidence: number | null;
  readonly reading: PageState | null;
}

/** Builds the record that reading works with. */
export function toStored(row: StoredRow): StoredDocument {
  return {
    id: row.id,
    name: row.name,
    source: toSource(row),
    status: row.status,
    readingKey: row.reading_key,
    pages: row.pages,
  };
}

function toSource(row: StoredRow): DocumentSource {
  if (row.blob !== null) return { kind: 'blob', ref: row.blob };
  if (row.file_path !== null) return { kind: 'path', path: row.file_path };
  // A check constraint of the table forbids this row.
  throw new PerennialError(
    'FileMissing',
    `Expected document ${row.id} to have a path or a blob, found neither. Upload it again.`,
  );
}

/** Builds the record that API, CLI and client show. */
export function toView(row: ViewRow): DocumentView {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    mediaType: row.media_type,
    pages: row.pages,
    confidence: row.ocr_confidence,
    reading: row.reading,
    unread: row.unread,
    hints: row.hints,
    engine: row.engine,
    fallbackReason: row.fallback_reason,
    failure: toFailure(row.error_type, row.error_message),
    createdAt: row.created_at.toISOString(),
    startedAt: row.processing_started_at?.toISOString() ?? null,
    completedAt: row.processing_completed_at?.toISOString() ?? null,
  };
}

function toFailure(type: string | null, message: string | null): FailureRecord | null {
  if (type === null) return null;
  // A newer version may have written a type that this version does not know.
  return failureRecord(isFailureType(type) ? type : 'Unexpected', message ?? '');
}

/** Builds a reading; the optional field is absent when the column is NULL. */
export function toReading(row: PageRow): PageReading {
  const { page, text, confidence, engine, fallback_reason: fallbackReason } = row;
  return { page, text, confidence, ...row.reading, engine, ...(fallbackReason === null ? {} : { fallbackReason }) };
}

/** Returns the fields of a reading that have no column of their own. */
export function restOf(reading: PageReading): PageRest {
  const { width, height, rotation, skew, words, origin, state, unread, language, hint } = reading;
  return {
    ...{ width, height, rotation, skew, words, origin, state },
    ...(unread === undefined ? {} : { unread }),
    ...(language === undefined ? {} : { language }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Builds one line of a batch's summary. */
export function toOutcome(row: OutcomeRow): BatchOutcome {
  return {
    position: row.position,
    documentId: row.document_id,
    name: row.name,
    status: row.outcome ?? 'pending',
    pages: row.pages,
    confidence: row.confidence,
    reading: row.reading,
    failure: row.failure,
  };
}

/** Builds the error for an id without a row. */
export function documentNotFound(id: string): PerennialError {
  return new PerennialError(
    'DocumentNotFound',
    `Expected a document with id ${id}, found none. Check the id, or upload the document.`,
  );
}
