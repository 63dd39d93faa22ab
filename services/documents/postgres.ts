/** Documents and their pages in PostgreSQL. */
import { PerennialError } from '../../contracts/failures.ts';
import type { DocumentView } from '../../contracts/documents/schema.ts';
import type { Database } from '../database/pool.ts';
import { isUuid, storableJson } from '../database/text.ts';
import type { InvoiceData } from '../invoices/port.ts';
import {
  documentNotFound,
  STORED_COLUMNS,
  toStored,
  toView,
  VIEW_COLUMNS,
  type StoredRow,
  type ViewRow,
} from './mapping.ts';
import { saveOutcomes } from './outcomes.ts';
import { firstPagesAsJson, pagesAfter, pagesRead, readings, savePage, textBytes } from './pages.ts';
import type { DocumentQuery, DocumentResult, DocumentStore, NewDocument, StoredDocument } from './port.ts';

/** Rows in one insert: large enough to be quick, small enough for one message to the server. */
const INSERT_CHUNK = 5_000;

/**
 * Opens the document store of a migrated database. Every method throws
 * PerennialError `DatabaseUnavailable` or `StorageFull`, and `DocumentNotFound`
 * where it writes to a document that does not exist.
 */
export function createDocumentStore(database: Database): DocumentStore {
  return {
    add: (documents) => add(database, documents),
    find: (id) => find(database, id),
    names: (ids) => names(database, ids),
    view: (id) => view(database, id),
    list: (query) => list(database, query),
    result: (id) => result(database, id),
    resultAs: (id, form) => resultAs(database, id, form),
    begin: (id, readingKey, facts) => begin(database, id, readingKey, facts),
    pagesRead: (id, readingKey) => pagesRead(database, id, readingKey),
    savePage: (id, readingKey, reading) => savePage(database, id, readingKey, reading),
    pagesAfter: (id, range) => pagesAfter(database, id, range),
    readings: (id) => readings(database, id),
    firstPagesAsJson: (id, limit) => firstPagesAsJson(database, id, limit),
    textBytes: (id, readingKey) => textBytes(database, id, readingKey),
    saveOutcomes: (outcomes, batchId) => saveOutcomes(database, outcomes, batchId),
    saveInvoice: (id, data) => saveInvoice(database, id, data),
    invoice: (id) => invoice(database, id),
  };
}

async function add(database: Database, documents: readonly NewDocument[]): Promise<void> {
  for (let start = 0; start < documents.length; start += INSERT_CHUNK) {
    const chunk = documents.slice(start, start + INSERT_CHUNK);
    await database.query(
      `insert into documents (id, user_id, name, file_path, blob)
       select id, user_id, name, file_path, blob::jsonb
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) as n (id, user_id, name, file_path, blob)
       on conflict (id) do nothing`,
      [
        chunk.map(({ id }) => id),
        chunk.map(({ userId }) => userId ?? null),
        chunk.map(({ name }) => name),
        chunk.map(({ source }) => (source.kind === 'path' ? source.path : null)),
        chunk.map(({ source }) => (source.kind === 'blob' ? storableJson(source.ref) : null)),
      ],
    );
  }
}

async function find(database: Database, id: string): Promise<StoredDocument | undefined> {
  if (!isUuid(id)) return undefined;
  const { rows } = await database.query<StoredRow>(`select ${STORED_COLUMNS} from documents where id = $1`, [id]);
  return rows[0] && toStored(rows[0]);
}

async function names(database: Database, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await database.query<{ id: string; name: string }>(
    'select id, name from documents where id = any($1::uuid[])',
    [ids.filter(isUuid)],
  );
  const found = new Map(rows.map(({ id, name }) => [id, name]));
  // PostgreSQL returns ids in lower case, but the result is keyed by what the caller wrote.
  return new Map(
    ids
      .flatMap((id) => [[id, found.get(id.toLowerCase())] as const])
      .filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

async function view(database: Database, id: string): Promise<DocumentView | undefined> {
  if (!isUuid(id)) return undefined;
  const { rows } = await database.query<ViewRow>(`select ${VIEW_COLUMNS} from documents d where d.id = $1`, [id]);
  return rows[0] && toView(rows[0]);
}

/**
 * Lists documents, newest first. A page continues after a document rather than at an offset, so that new documents
 * shift nothing and late pages cost no more.
 */
async function list(database: Database, query: DocumentQuery): ReturnType<DocumentStore['list']> {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${String(values.push(value))}`;
  const conditions = conditionsOf(query, parameter);
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const { rows } = await database.query<ViewRow>(
    `select ${VIEW_COLUMNS} from documents d ${where} order by d.created_at desc, d.id desc limit ${parameter(query.limit + 1)}`,
    values,
  );
  const documents = rows.slice(0, query.limit).map(toView);
  return { documents, next: rows.length > query.limit ? (documents.at(-1)?.id ?? null) : null };
}

function conditionsOf(
  { status, search, after }: DocumentQuery,
  parameter: (value: unknown) => string,
): readonly string[] {
  const conditions: string[] = [];
  if (status !== undefined) conditions.push(`d.status = ${parameter(status)}`);
  if (search !== undefined && search.trim() !== '') {
    conditions.push(
      `d.id in (select p.document_id from document_pages p where p.search @@ websearch_to_tsquery('pg_catalog.simple', ${parameter(search)}))`,
    );
  }
  if (after !== undefined) {
    if (!isUuid(after)) {
      throw new PerennialError(
        'InvalidInput',
        `Expected 'after' to be the 'next' of the page before, got ${after.slice(0, 60)}.`,
      );
    }
    conditions.push(`(d.created_at, d.id) < (select created_at, id from documents where id = ${parameter(after)})`);
  }
  return conditions;
}

async function result(database: Database, id: string): Promise<DocumentResult | undefined> {
  if (!isUuid(id)) return undefined;
  const { rows } = await database.query<{ ocr_result: DocumentResult }>(
    `select ocr_result from documents where id = $1 and status = 'completed'`,
    [id],
  );
  return rows[0]?.ocr_result;
}

/** Pages come in a row of their own, because decoding a row takes a turn, and the text stands in both. */
async function resultAs(database: Database, id: string, form: 'json' | 'text'): Promise<string | undefined> {
  if (!isUuid(id)) return undefined;
  const parts =
    form === 'text'
      ? `select ocr_result->>'text' as part, 1 as place from completed`
      : `select (jsonb_build_object('document_id', id, 'name', name) || (ocr_result - 'pages'))::text as part, 1 as place
           from completed
         union all select (ocr_result->'pages')::text, 2 from completed`;
  const { rows } = await database.query<{ part: string }>(
    `with completed as (select id, name, ocr_result from documents where id = $1 and status = 'completed')
     select part from (${parts}) as parts order by place`,
    [id],
  );
  const [first, pages] = rows.map(({ part }) => part);
  return pages === undefined ? first : `${first?.slice(0, -1) ?? ''}, "pages": ${pages}}`;
}

async function begin(
  database: Database,
  id: string,
  readingKey: string,
  facts: { readonly pages: number; readonly mediaType: string },
): Promise<void> {
  if (!isUuid(id)) throw documentNotFound(id);
  await database.transaction(async (transaction) => {
    // The lock is a separate first statement, so that the following ones see pages that another transaction was saving.
    const { rows } = await transaction.query<{ done: boolean }>(
      `select coalesce(reading_key = $2 and (status = 'completed' or (status = 'processing' and pages = $3 and media_type = $4)), false) as done
       from documents where id = $1 for no key update`,
      [id, readingKey, facts.pages, facts.mediaType],
    );
    if (rows[0] === undefined) throw documentNotFound(id);
    if (rows[0].done) return;
    // Results built from pages of another key are void once those pages are deleted.
    await transaction.query(
      `update documents set
         processing_started_at = case when status = 'processing' then coalesce(processing_started_at, now()) else now() end,
         status = 'processing',
         reading_key = $2, pages = $3, media_type = $4,
         ocr_result = null, ocr_confidence = null, reading = null, unread = null, hints = null, engine = null, fallback_reason = null,
         extracted_data = case when reading_key = $2 then extracted_data end,
         error_type = null, error_message = null, processing_completed_at = null
       where id = $1`,
      [id, readingKey, facts.pages, facts.mediaType],
    );
    await transaction.query('delete from document_pages where document_id = $1 and reading_key <> $2', [
      id,
      readingKey,
    ]);
  });
}

async function invoice(database: Database, id: string): Promise<InvoiceData | undefined> {
  if (!isUuid(id)) return undefined;
  const { rows } = await database.query<{ extracted_data: InvoiceData | null }>(
    'select extracted_data from documents where id = $1',
    [id],
  );
  return rows[0]?.extracted_data ?? undefined;
}

async function saveInvoice(database: Database, id: string, data: InvoiceData): Promise<void> {
  if (!isUuid(id)) throw documentNotFound(id);
  const { rowCount } = await database.query('update documents set extracted_data = $2::jsonb where id = $1', [
    id,
    storableJson(data),
  ]);
  if (rowCount === 0) throw documentNotFound(id);
}
