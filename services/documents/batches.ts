/** Batches and their entries in PostgreSQL. */
import type { BatchItem, BatchOutcome, ReadingOptions } from '../../contracts/documents/schema.ts';
import type { Database, Queryable } from '../database/pool.ts';
import { storableJson } from '../database/text.ts';
import { toOutcome, type OutcomeRow } from './mapping.ts';
import type { BatchCounts, BatchStore, NewBatchItem } from './port.ts';

/** Rows in one insert: large enough to be quick, small enough for one message to the server. */
const INSERT_CHUNK = 5_000;

/**
 * Opens the batch store of a migrated database. Every method throws
 * PerennialError `DatabaseUnavailable` or `StorageFull`.
 */
export function createBatchStore(database: Database): BatchStore {
  return {
    open: (batchId, options) => open(database, batchId, options),
    exists: async (batchId) => {
      const { rows } = await database.query('select from batches where id = $1', [batchId]);
      return rows.length > 0;
    },
    addItems: (batchId, items) => addItems(database, batchId, items),
    markPrepared: (batchId) => markPrepared(database, batchId),
    counts: (batchId) => counts(database, batchId),
    reopen: async (batchId) => {
      await database.query(
        `update batches set status = 'running', finished_at = null where id = $1 and status <> 'running'`,
        [batchId],
      );
    },
    pending: (batchId, after, limit) => pending(database, batchId, after, limit),
    outcomes: (batchId, after, limit) => outcomes(database, batchId, after, limit),
    finish: (batchId, status) => finish(database, batchId, status),
  };
}

/**
 * Opens a batch. The options of the first call are kept, so that a resumed batch reads all of its documents in the same
 * way.
 */
async function open(database: Database, batchId: string, options: ReadingOptions): ReturnType<BatchStore['open']> {
  return database.transaction(async (transaction) => {
    await transaction.query('insert into batches (id, options) values ($1, $2::jsonb) on conflict (id) do nothing', [
      batchId,
      storableJson(options),
    ]);
    // A stopped batch runs again.
    await transaction.query(
      `update batches set status = 'running', finished_at = null where id = $1 and status not in ('running', 'finished')`,
      [batchId],
    );
    const { rows } = await transaction.query<{ options: ReadingOptions; prepared: boolean }>(
      'select options, prepared_at is not null as prepared from batches where id = $1',
      [batchId],
    );
    return rows[0] ?? { options, prepared: false };
  });
}

async function addItems(database: Database, batchId: string, items: readonly NewBatchItem[]): Promise<void> {
  for (let start = 0; start < items.length; start += INSERT_CHUNK) {
    const chunk = items.slice(start, start + INSERT_CHUNK);
    await database.query(
      `insert into batch_items (batch_id, position, document_id, name, outcome, failure)
       select $1, position, document_id, name, outcome, failure::jsonb
       from unnest($2::integer[], $3::uuid[], $4::text[], $5::text[], $6::text[]) as n (position, document_id, name, outcome, failure)
       on conflict (batch_id, position) do nothing`,
      [
        batchId,
        chunk.map(({ position }) => position),
        chunk.map(({ documentId }) => documentId),
        chunk.map(({ name }) => name),
        chunk.map(({ outcome }) => (outcome === undefined || outcome.status === 'pending' ? null : outcome.status)),
        chunk.map(({ outcome }) => (outcome?.failure ? storableJson(outcome.failure) : null)),
      ],
    );
  }
}

async function markPrepared(database: Database, batchId: string): Promise<BatchCounts> {
  return database.transaction(async (transaction) => {
    await transaction.query('update batches set prepared_at = now() where id = $1 and prepared_at is null', [batchId]);
    return counts(transaction, batchId);
  });
}

async function counts(database: Queryable, batchId: string): Promise<BatchCounts> {
  const { rows } = await database.query<BatchCounts>(
    `select count(*)::integer as total,
       count(*) filter (where outcome = 'completed')::integer as completed,
       count(*) filter (where outcome = 'failed')::integer as failed,
       count(*) filter (where outcome = 'missing')::integer as missing
     from batch_items where batch_id = $1`,
    [batchId],
  );
  return rows[0] ?? { total: 0, completed: 0, failed: 0, missing: 0 };
}

async function pending(
  database: Database,
  batchId: string,
  after: number,
  limit: number,
): Promise<readonly BatchItem[]> {
  const { rows } = await database.query<BatchItem>(
    `select position, document_id as "documentId" from batch_items
     where batch_id = $1 and outcome is null and position > $2 and document_id is not null
     order by position limit $3`,
    [batchId, after, limit],
  );
  return rows;
}

async function outcomes(
  database: Database,
  batchId: string,
  after: number,
  limit: number,
): Promise<readonly BatchOutcome[]> {
  const { rows } = await database.query<OutcomeRow>(
    `select i.position, i.document_id, i.name, i.outcome, i.failure, d.pages,
       case when i.outcome = 'completed' then d.ocr_confidence end as confidence,
       case when i.outcome = 'completed' then d.reading end as reading
     from batch_items i left join documents d on d.id = i.document_id
     where i.batch_id = $1 and i.position > $2
     order by i.position limit $3`,
    [batchId, after, limit],
  );
  return rows.map(toOutcome);
}

async function finish(database: Database, batchId: string, status: 'finished' | 'cancelled'): Promise<void> {
  await database.query('update batches set status = $2, finished_at = now() where id = $1 and status <> $2', [
    batchId,
    status,
  ]);
}
