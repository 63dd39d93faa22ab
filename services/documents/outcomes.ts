/**
 * Records the outcomes of documents with a few statements in one transaction, so that all of them are stored or none,
 * at a cost that hardly depends on their number.
 */
import type { DocumentOutcome } from '../../contracts/documents/schema.ts';
import type { Database, Queryable } from '../database/pool.ts';
import { storableJson } from '../database/text.ts';

/** Number of the outcomes that the rows now hold, and the confidence of their readings. */
export interface SavedOutcomes {
  readonly saved: number;
  readonly confidence: number;
}

/**
 * Stores outcomes of documents and, with `batchId`, of their entries. The result is computed from the rows afterwards,
 * so a repetition changes nothing and returns the same.
 */
export async function saveOutcomes(
  database: Database,
  outcomes: readonly DocumentOutcome[],
  batchId: string | undefined,
): Promise<SavedOutcomes> {
  if (outcomes.length === 0) return { saved: 0, confidence: 0 };
  const completed = idsOf(outcomes, 'completed');
  return database.transaction(async (transaction) => {
    await lockDocuments(transaction, outcomes);
    await complete(transaction, completed);
    await fail(transaction, outcomes);
    await release(transaction, idsOf(outcomes, 'released'));
    if (batchId !== undefined) await saveItems(transaction, batchId, outcomes);
    return countSaved(transaction, completed);
  });
}

function idsOf(outcomes: readonly DocumentOutcome[], status: DocumentOutcome['status']): readonly string[] {
  return outcomes.filter((outcome) => outcome.status === status).map(({ documentId }) => documentId);
}

/** Locks in the order of ids, so that two batches that share documents never deadlock. */
async function lockDocuments(transaction: Queryable, outcomes: readonly DocumentOutcome[]): Promise<void> {
  const ids = outcomes.map(({ documentId }) => documentId);
  await transaction.query('select id from documents where id = any($1::uuid[]) order by id for no key update', [ids]);
}

/**
 * Builds the result from the pages. A document without all pages under its current reading key is being read anew and
 * stays unchanged.
 */
async function complete(transaction: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await transaction.query(
    `with read as (
       select d.id,
         string_agg(p.text, E'\\f' order by p.page) as text,
         avg(p.confidence) filter (where p.reading->>'state' is distinct from 'blank') as confidence,
         jsonb_agg(jsonb_build_object('page', p.page, 'text', p.text, 'confidence', p.confidence, 'engine', p.engine, 'state', p.reading->>'state', 'language', p.reading->>'language') order by p.page) as pages,
         coalesce(jsonb_agg(jsonb_build_object('page', p.page, 'text', p.reading->>'hint') order by p.page) filter (where p.reading ? 'hint'), '[]') as hints,
         array_to_string(array(
           select distinct unnest(string_to_array(string_agg(p.engine, '+'), '+')) order by 1
         ), '+') as engine,
         case when bool_and(p.reading->>'state' = 'blank') then 'blank'
           when bool_or(p.reading->>'state' = 'partly read') then 'partly read'
           else 'read' end as reading,
         (array_agg(p.fallback_reason order by p.page) filter (where p.fallback_reason is not null))[1] as fallback_reason
       from documents d
       join document_pages p on p.document_id = d.id and p.reading_key = d.reading_key
       where d.id = any($1::uuid[]) and d.status <> 'completed'
       group by d.id
       having count(*) = d.pages
     ), places as (
       select p.document_id as id, jsonb_agg(place || jsonb_build_object('page', p.page) order by p.page, n) as unread
       from read join document_pages p on p.document_id = read.id
       cross join jsonb_array_elements(p.reading->'unread') with ordinality as u (place, n)
       group by p.document_id
     )
     update documents d set
       status = 'completed',
       ocr_result = jsonb_build_object('text', read.text, 'confidence', read.confidence, 'pages', read.pages,
         'state', read.reading, 'unread', coalesce(places.unread, '[]'), 'hints', read.hints),
       ocr_confidence = read.confidence,
       reading = read.reading,
       unread = coalesce(places.unread, '[]'),
       hints = read.hints,
       engine = read.engine,
       fallback_reason = read.fallback_reason,
       error_type = null,
       error_message = null,
       processing_completed_at = now()
     from read left join places on places.id = read.id
     where d.id = read.id`,
    [ids],
  );
}

/**
 * Records failures without replacing a result: the late failure of a document that was read in the meantime is only
 * noted in its batch.
 */
async function fail(transaction: Queryable, outcomes: readonly DocumentOutcome[]): Promise<void> {
  // Each document needs exactly one failure, otherwise the update would pick any of several.
  const failures = new Map(
    outcomes.filter(({ status }) => status === 'failed').map((outcome) => [outcome.documentId, outcome.failure]),
  );
  if (failures.size === 0) return;
  const records = [...failures.values()];
  await transaction.query(
    `update documents d set
       status = 'failed',
       error_type = f.type,
       error_message = f.message,
       processing_completed_at = now()
     from unnest($1::uuid[], $2::text[], $3::text[]) as f (id, type, message)
     where d.id = f.id and d.status <> 'completed'
       and (d.status, d.error_type, d.error_message) is distinct from ('failed', f.type, f.message)`,
    [
      [...failures.keys()],
      records.map((failure) => failure?.type ?? 'Unexpected'),
      records.map((failure) => failure?.message ?? ''),
    ],
  );
}

async function release(transaction: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await transaction.query(
    `update documents set status = 'pending', processing_started_at = null where id = any($1::uuid[]) and status = 'processing'`,
    [ids],
  );
}

/**
 * Updates entries. A completed entry needs a completed document, and stays completed whatever a late attempt reports.
 */
async function saveItems(transaction: Queryable, batchId: string, outcomes: readonly DocumentOutcome[]): Promise<void> {
  const items = [
    ...new Map(
      outcomes.filter(({ status }) => status !== 'released').map((outcome) => [outcome.position, outcome]),
    ).values(),
  ];
  if (items.length === 0) return;
  await transaction.query(
    `update batch_items i set outcome = o.status, failure = o.failure::jsonb
     from unnest($2::integer[], $3::uuid[], $4::text[], $5::text[]) as o (position, document_id, status, failure)
     where i.batch_id = $1 and i.position = o.position and i.document_id = o.document_id
       and (i.outcome is null or i.outcome = 'failed')
       and (i.outcome, i.failure) is distinct from (o.status, o.failure::jsonb)
       and (o.status = 'failed' or exists (select from documents d where d.id = o.document_id and d.status = 'completed'))`,
    [
      batchId,
      items.map(({ position }) => position),
      items.map(({ documentId }) => documentId),
      items.map(({ status }) => status),
      items.map(({ failure, status }) =>
        failure === undefined || status === 'completed' ? null : storableJson(failure),
      ),
    ],
  );
}

async function countSaved(transaction: Queryable, ids: readonly string[]): Promise<SavedOutcomes> {
  const { rows } = await transaction.query<SavedOutcomes>(
    `select count(*)::integer as saved, coalesce(avg(d.ocr_confidence), 0) as confidence
     from unnest($1::uuid[]) as wanted (id) join documents d on d.id = wanted.id and d.status = 'completed'`,
    [ids],
  );
  return rows[0] ?? { saved: 0, confidence: 0 };
}
