import { randomUUID } from 'node:crypto';
import { readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BlobRef } from '../../../contracts/values/blobs.ts';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import { BLOB_COLUMNS, createBlobReferences } from '../../../services/housekeeping/blob-references.ts';
import { createOldDocuments } from '../../../services/housekeeping/old-documents.ts';
import { startHouse, type House } from './house.ts';

let house: House;

beforeAll(async () => {
  house = await startHouse();
});
afterAll(() => house.stop());
afterEach(async () => {
  await house.test.db.query('truncate documents, batches, reports, imports, email_messages, schedule_runs cascade');
  for await (const { ref } of house.blobs.list('')) await house.blobs.remove(ref);
});

interface Wanted {
  readonly ageDays: number;
  readonly status?: 'completed' | 'failed' | 'pending' | 'processing';
  readonly content?: string;
  readonly path?: string;
}

/** Puts a file into the store as if it had been there for days. */
async function store(prefix: string, content: string, ageDays: number): Promise<BlobRef> {
  const ref = await house.blobs.put(prefix, Buffer.from(content));
  const at = Date.now() / 1000 - ageDays * 86_400;
  await utimes(path.join(house.blobFolder, ref.key), at, at);
  return ref;
}

async function addDocument({ ageDays, status = 'completed', content, path: file }: Wanted): Promise<string> {
  const id = randomUUID();
  const ref = file === undefined ? await store('documents', content ?? id, ageDays) : null;
  await house.test.db.query(
    `insert into documents (id, name, file_path, blob, status, pages, ocr_result, ocr_confidence, error_type,
       created_at, processing_completed_at)
     values ($1, 'n', $2, $3::jsonb, $4, 1, case when $4 = 'completed' then '{"text":""}'::jsonb end,
       case when $4 = 'completed' then 0.9 end, case when $4 = 'failed' then 'CorruptDocument' end,
       now() - make_interval(days => $5), now())`,
    [id, file ?? null, ref === null ? null : JSON.stringify(ref), status, ageDays],
  );
  return id;
}

async function ids(): Promise<string[]> {
  const { rows } = await house.test.db.query<{ id: string }>('select id from documents');
  return rows.map(({ id }) => id).sort();
}

async function files(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { ref } of house.blobs.list('')) keys.push(ref.key);
  return keys.sort();
}

describe('CLEAN-2 cleanupOldOcrResults', () => {
  it('CLEAN-2 P3-49 deletes completed and failed documents older than 90 days with their files, and nothing else', async () => {
    await addDocument({ ageDays: 91, content: 'a'.repeat(1024 * 1024) });
    await addDocument({ ageDays: 91, status: 'failed' });
    const kept = [
      await addDocument({ ageDays: 89 }),
      await addDocument({ ageDays: 400, status: 'pending' }),
      await addDocument({ ageDays: 400, status: 'processing' }),
    ];
    const dry = await house.run('housekeeping.cleanupOldOcrResults', { dryRun: true });
    expect(await ids()).toHaveLength(5);
    const done = await house.run('housekeeping.cleanupOldOcrResults');
    expect(done).toMatchObject({ dry_run: false, days: 90, deleted_documents: 2, deleted_files: 2, kept_files: 0 });
    expect(done.freed_space_mb).toBeCloseTo(1, 3);
    expect(dry).toEqual({ ...done, dry_run: true });
    expect(await ids()).toEqual([...kept].sort());
    expect(await files()).toHaveLength(3);
    expect(await house.run('housekeeping.cleanupOldOcrResults')).toMatchObject({ deleted_documents: 0 });
  });

  it('CLEAN-2 takes the days from its input', async () => {
    await addDocument({ ageDays: 40 });
    expect(await house.run('housekeeping.cleanupOldOcrResults')).toMatchObject({ deleted_documents: 0 });
    expect(await house.run('housekeeping.cleanupOldOcrResults', { days: 30 })).toMatchObject({ deleted_documents: 1 });
    await expect(house.run('housekeeping.cleanupOldOcrResults', { days: 0 })).rejects.toMatchObject({
      cause: { type: 'InvalidInput', message: expect.stringContaining('days') as string },
    });
  });

  it('CLEAN-2 keeps a file that another document uses, a file by path, and bytes that were stored just now', async () => {
    await addDocument({ ageDays: 100, content: 'shared' });
    await addDocument({ ageDays: 10, content: 'shared' });
    const outside = path.join(import.meta.dirname, 'house.ts');
    await addDocument({ ageDays: 100, path: outside });
    await addDocument({ ageDays: 100, content: 'again' });
    // Somebody uploads the same bytes; their row is about to come.
    await house.blobs.put('documents', Buffer.from('again'));
    const dry = await house.run('housekeeping.cleanupOldOcrResults', { dryRun: true });
    expect(dry).toMatchObject({ deleted_documents: 3, deleted_files: 1 });
    expect(await house.run('housekeeping.cleanupOldOcrResults')).toMatchObject({
      deleted_documents: 3,
      deleted_files: 0,
      kept_files: 2,
      freed_space_mb: 0,
    });
    expect(await files()).toHaveLength(2);
    expect(await readdir(import.meta.dirname)).toContain('house.ts');
  });

  it('CLEAN-2 P3-49 works in batches: a thousand documents never are in memory or in one transaction together', async () => {
    await house.test.db.query(
      `insert into documents (id, name, file_path, status, error_type, created_at)
       select gen_random_uuid(), 'n', '/in/x', 'failed', 'CorruptDocument', now() - interval '100 days'
       from generate_series(1, 1050)`,
    );
    const documents = createOldDocuments(house.test.db);
    const before = new Date(Date.now() - 90 * 86_400_000);
    expect((await documents.deleteSome(before, 200)).documents).toBe(200);
    expect(await ids()).toHaveLength(850);
    expect(await house.run('housekeeping.cleanupOldOcrResults')).toMatchObject({ deleted_documents: 850 });
  });

  it('CLEAN-2 rolls a batch back on an error: no document loses its pages alone', async () => {
    const id = await addDocument({ ageDays: 100 });
    await house.test.db.query(
      `insert into document_pages (document_id, page, reading_key, text, confidence, engine, reading)
       values ($1, 0, 'k', 't', 1, 'e', '{}')`,
      [id],
    );
    await house.test.db.query(`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'refused by the test'; end $$`);
    await house.test.db.query('create trigger refuse after delete on documents for each row execute function refuse()');
    await expect(house.run('housekeeping.cleanupOldOcrResults')).rejects.toMatchObject({
      cause: { type: 'DatabaseRejected' },
    });
    await house.test.db.query('drop trigger refuse on documents');
    await house.test.db.query('drop function refuse');
    expect(await ids()).toEqual([id]);
    expect(await files()).toHaveLength(1);
    const pages = await house.test.db.query('select from document_pages where document_id = $1', [id]);
    expect(pages.rowCount).toBe(1);
  });

  it('CLEAN-2 a document that is uploaded and read meanwhile is not touched', async () => {
    const documents = createDocumentStore(house.test.db);
    const old = await addDocument({ ageDays: 100 });
    await documents.begin(old, 'other-key', { pages: 1, mediaType: 'image/png' });
    expect(await house.run('housekeeping.cleanupOldOcrResults')).toMatchObject({ deleted_documents: 0 });
    expect(await ids()).toEqual([old]);
  });
});

describe('CLEAN-4 cleanupOldFiles', () => {
  it('CLEAN-4 BEAT-15 deletes uploads whose rows never came, after a day, and files of finished work after 30 days', async () => {
    const kept = [
      (await store('documents', 'young orphan', 0)).key,
      (await store('outcomes', 'young outcome', 29)).key,
      (await store('backups', 'a backup', 400)).key,
      (await store('elsewhere', 'not ours', 400)).key,
    ];
    await addDocument({ ageDays: 50, content: 'still named' });
    await store('documents', 'old orphan', 2);
    await store('outcomes', 'old outcome', 31);
    await store('manifests', 'old list', 31);
    await store('mailings', 'old mailing', 31);
    const dry = await house.run('housekeeping.cleanupOldFiles', { dryRun: true });
    const done = await house.run('housekeeping.cleanupOldFiles');
    expect(done).toMatchObject({ deleted_files: 4, kept_files: 5, unknown_folders: ['elsewhere'], days: 30 });
    expect(dry).toEqual({ ...done, dry_run: true });
    expect(await files()).toEqual(expect.arrayContaining(kept));
    expect(await files()).toHaveLength(5);
    expect(await house.run('housekeeping.cleanupOldFiles')).toMatchObject({ deleted_files: 0 });
  });

  it('CLEAN-4 keeps what reports and imports name, however old', async () => {
    const file = await store('reports/files', 'a report', 100);
    const chart = await store('reports/charts', 'a chart', 100);
    const rejects = await store('imports', 'rejects', 100);
    const part = await store('imports', 'a part', 100);
    await store('reports/files', 'a report that was made again', 100);
    await house.test.db.query(
      `insert into reports (id, kind, title, first_day, last_day, time_zone, period_from, period_until, documents,
         file, file_name, media_type, charts)
       values (gen_random_uuid(), 'daily', 't', '2026-01-01', '2026-01-01', 'UTC', now(), now(), 0, $1, 'f', 'm', $2)`,
      [JSON.stringify(file), JSON.stringify([{ name: 'c', png: chart }])],
    );
    await house.test.db.query(
      `insert into imports (id, run, input, source, schema, dry_run, parts, rejects)
       values ('i', gen_random_uuid(), '{}', 's', 'records', false, $1, $2)`,
      [JSON.stringify([part]), JSON.stringify(rejects)],
    );
    expect(await house.run('housekeeping.cleanupOldFiles')).toMatchObject({ deleted_files: 1, kept_files: 4 });
    expect(await createBlobReferences(house.test.db).named([file.key, chart.key, 'x'])).toEqual(
      new Set([file.key, chart.key]),
    );
  });

  it('CLEAN-4 every JSON column of every table is known to name blobs, or not to', async () => {
    const namesNone = [
      'batch_items.failure',
      'batches.options',
      'data_cleanings.figures',
      'data_files.figures',
      'data_files.options',
      'dead_letters.args',
      'dead_letters.kwargs',
      'documents.extracted_data',
      'documents.ocr_result',
      'documents.hints',
      'documents.unread',
      'document_pages.reading',
      'cache_entries.fields',
      'health_changes.checks',
      'health_state.checks',
      'imports.counts',
      'imports.failure',
      'imports.layout',
      'records.data',
      'schedule_audits.definition',
      'task_failures.args',
      'task_failures.kwargs',
    ];
    const { rows } = await house.test.db.query<{ column: string }>(
      `select table_name || '.' || column_name as column from information_schema.columns
       where table_schema = current_schema() and data_type in ('jsonb', 'json')`,
    );
    const columns = rows.map(({ column }) => column);
    // A new column belongs into `BLOB_COLUMNS` or into the list above: else its files would be deleted.
    expect(columns.filter((column) => ![...BLOB_COLUMNS, ...namesNone].includes(column))).toEqual([]);
    expect(BLOB_COLUMNS.filter((column) => !columns.includes(column))).toEqual([]);
  });
});

describe('CLEAN-8 cleanupResults', () => {
  it('CLEAN-8 P3-52 deletes records of work that ended 30 days ago, and none that is still going on', async () => {
    const { db } = house.test;
    await db.query(
      `insert into batches (id, options, status, created_at, finished_at)
       select 'b' || n, '{}', case when n = 1 then 'running' else 'finished' end, now() - interval '40 days',
         case when n = 1 then null else now() - make_interval(days => case when n = 2 then 29 else 31 end) end
       from generate_series(1, 5) n`,
    );
    await db.query(`insert into batch_items (batch_id, position, name) select 'b' || n, p, 'x'
      from generate_series(1, 5) n, generate_series(0, 99) p`);
    await db.query(
      `insert into email_messages (message_key, message_id, recipient_hash, state, failure_type, created_at)
       select 'm' || n, 'i', 'h', case when n = 1 then 'deferred' else 'failed' end, 'Unexpected', now() - interval '31 days'
       from generate_series(1, 6000) n`,
    );
    await db.query(
      `insert into schedule_runs (schedule_id, due_at, state) values ('s', now() - interval '31 days', 'ran'), ('s', now(), 'ran')`,
    );
    const dry = await house.run('housekeeping.cleanupResults', { dryRun: true });
    const done = await house.run('housekeeping.cleanupResults');
    expect(done.tables).toMatchObject({ batches: 3, email_messages: 5_999, schedule_runs: 1, imports: 0 });
    expect(done).toMatchObject({ days: 30, deleted_rows: 3 + 5_999 + 1 });
    expect(dry).toEqual({ ...done, dry_run: true });
    const { rows } = await db.query(
      `select batch_id as id, count(*)::int as items from batch_items group by 1 order by 1`,
    );
    expect(rows).toEqual([
      { id: 'b1', items: 100 },
      { id: 'b2', items: 100 },
    ]);
    expect(await house.run('housekeeping.cleanupResults')).toMatchObject({ deleted_rows: 0 });
  });
});
