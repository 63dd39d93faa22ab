/** Documents as the OCR pipeline leaves them, for reports to count. */
import { randomUUID } from 'node:crypto';
import type { Database } from '../../../services/database/pool.ts';

export interface DocumentRow {
  readonly id?: string;
  readonly userId?: string | null;
  readonly name?: string;
  /** ISO time. */
  readonly createdAt: string;
  readonly status?: 'pending' | 'processing' | 'completed' | 'failed';
  readonly pages?: number;
  readonly confidence?: number;
  readonly engine?: string;
  readonly failure?: string;
}

/** Stores documents; what is left out is one page, read with a confidence of 0.9. */
export async function addDocuments(database: Database, documents: readonly DocumentRow[]): Promise<void> {
  const rows = documents.map((document) => ({
    id: randomUUID(),
    userId: null,
    name: 'scan.png',
    status: 'completed',
    pages: 1,
    confidence: 0.9,
    engine: 'tesseract',
    failure: 'CorruptDocument',
    ...document,
  }));
  await database.query(
    `insert into documents (id, user_id, name, file_path, status, pages, ocr_result, ocr_confidence, engine,
       error_type, error_message, created_at, processing_started_at, processing_completed_at)
     select (d->>'id')::uuid, d->>'userId', d->>'name', '/nowhere', d->>'status', (d->>'pages')::integer,
       case when d->>'status' = 'completed' then '{}'::jsonb end,
       case when d->>'status' = 'completed' then (d->>'confidence')::double precision end,
       case when d->>'status' = 'completed' then d->>'engine' end,
       case when d->>'status' = 'failed' then d->>'failure' end,
       case when d->>'status' = 'failed' then 'unreadable' end,
       (d->>'createdAt')::timestamptz,
       case when d->>'status' <> 'pending' then (d->>'createdAt')::timestamptz + interval '1 second' end,
       case when d->>'status' in ('completed', 'failed') then (d->>'createdAt')::timestamptz + interval '3 seconds' end
     from jsonb_array_elements($1::jsonb) d`,
    [JSON.stringify(rows)],
  );
}
